//! What members offer.

use ledger::MemberId;
use ledger::matching::{Offer, Slot};
use ledger::service::ItemCode;

use crate::name::OFFERS;
use crate::v1;

/// Most items and slots of an offer.
const LIST_MAX: usize = 64;
/// Most languages of an offer, and the longest tag.
const LANGUAGES_MAX: usize = 16;
const TAG_MAX: usize = 35;

/// An offer.
pub fn offer(member: &MemberId, offer: &Offer) -> v1::Offer {
    let slot = |slot: &Slot| v1::WeeklySlot {
        weekday: slot.weekday.into(),
        from_minute: slot.from_minute.into(),
        to_minute: slot.to_minute.into(),
    };
    v1::Offer {
        name: OFFERS.name(member),
        items: offer
            .items
            .iter()
            .map(|it| it.as_str().to_owned())
            .collect(),
        languages: offer.languages.clone(),
        slots: offer.slots.iter().map(slot).collect(),
        utc_offset_minutes: offer.utc_offset_minutes,
    }
}

/// Reads an offer.
///
/// # Errors
/// The field that cannot be read.
pub fn offer_from(offer: v1::Offer) -> Result<Offer, &'static str> {
    let v1::Offer {
        name: _,
        items,
        languages,
        slots,
        utc_offset_minutes,
    } = offer;
    let items: Result<Vec<ItemCode>, _> = items.into_iter().map(ItemCode::parse).collect();
    let items = items.ok().filter(|items| items.len() <= LIST_MAX);
    let is_tag = |tag: &String| {
        let letters = tag
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || it == b'-');
        letters && (1..=TAG_MAX).contains(&tag.len())
    };
    if languages.len() > LANGUAGES_MAX || !languages.iter().all(is_tag) {
        return Err("offer.languages");
    }
    let slots: Option<Vec<Slot>> = slots.into_iter().map(slot_from).collect();
    let slots = slots.filter(|slots| slots.len() <= LIST_MAX);
    if !(-840..=840).contains(&utc_offset_minutes) {
        return Err("offer.utc_offset_minutes");
    }
    Ok(Offer {
        items: items.ok_or("offer.items")?,
        languages,
        slots: slots.ok_or("offer.slots")?,
        utc_offset_minutes,
    })
}

fn slot_from(slot: v1::WeeklySlot) -> Option<Slot> {
    let slot = Slot {
        weekday: u8::try_from(slot.weekday).ok()?,
        from_minute: u16::try_from(slot.from_minute).ok()?,
        to_minute: u16::try_from(slot.to_minute).ok()?,
    };
    slot.is_valid().then_some(slot)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message() -> v1::Offer {
        v1::Offer {
            name: String::new(),
            items: vec!["walk".to_owned()],
            languages: vec!["zh-Hans".to_owned()],
            slots: vec![v1::WeeklySlot {
                weekday: 7,
                from_minute: 0,
                to_minute: 1_440,
            }],
            utc_offset_minutes: 480,
        }
    }

    #[test]
    fn an_offer_goes_there_and_back() {
        let member = MemberId::from_bytes([1; 16]);
        let read = offer_from(message()).unwrap();
        let expected = v1::Offer {
            name: format!("offers/{member}"),
            ..message()
        };
        assert_eq!(offer(&member, &read), expected);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let wrong = |change: fn(&mut v1::Offer)| {
            let mut message = message();
            change(&mut message);
            offer_from(message).err()
        };
        assert_eq!(wrong(|it| it.items[0].push('!')), Some("offer.items"));
        assert_eq!(wrong(|it| it.languages[0].clear()), Some("offer.languages"));
        assert_eq!(wrong(|it| it.slots[0].weekday = 8), Some("offer.slots"));
        assert_eq!(
            wrong(|it| it.slots = vec![it.slots[0]; 65]),
            Some("offer.slots")
        );
        let far = wrong(|it| it.utc_offset_minutes = 900);
        assert_eq!(far, Some("offer.utc_offset_minutes"));
    }
}
