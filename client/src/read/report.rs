//! What a supervisor looks at, as the server says: whoever may read all records
//! recomputes it instead.

use ledger::log::{Hash, TreeSize};
use ledger::report::{
    Disclosure, Event, Figure, Honour, Indicator, Line, OpenCase, Page, Review, Saver,
};
use ledger::{EntryId, Millis, UnitId, YearMonth};
use proto::{name, v1, view};

use super::{PAGE_SIZE, entry_id, id, known, member_id, optional_time, pages, unit_id};
use crate::client::Client;
use crate::error::ClientError;
use crate::log::count_of;

/// Visits that a server has drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Up to how many records.
    pub size: TreeSize,
    /// The root over them: the seed.
    pub root: Hash,
    /// The visits.
    pub services: Vec<EntryId>,
}

impl Client {
    /// The indicators of a unit and a month; without one, of that of the newest
    /// record.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn report(
        &self,
        unit: UnitId,
        month: Option<YearMonth>,
    ) -> Result<Page, ClientError> {
        let request = v1::GetReportRequest {
            parent: name::UNITS.name(&unit),
            month: month.map(|it| it.to_string()).unwrap_or_default(),
        };
        let mut reports = self.connection.reports();
        let answer = self.call(reports.get_report(self.request(request))).await?;
        let indicators = answer.indicators.into_iter().map(indicator);
        Ok(Page {
            unit: unit_id(&answer.unit)?.to_string(),
            month: answer.month,
            indicators: indicators.collect::<Result<_, _>>()?,
        })
    }

    /// What the fund of a unit tells the public about the months from the first to
    /// the last.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn disclosure(
        &self,
        unit: UnitId,
        [from, to]: [YearMonth; 2],
    ) -> Result<Disclosure, ClientError> {
        let request = v1::GetDisclosureRequest {
            parent: name::UNITS.name(&unit),
            from_month: from.to_string(),
            to_month: to.to_string(),
        };
        let mut reports = self.connection.reports();
        let answer = self.call(reports.get_disclosure(self.request(request)));
        let answer = answer.await?;
        let line = |line: v1::DisclosedLine| Line {
            line: line.line.into(),
            fen: line.fen,
        };
        let figure = |figure: v1::DisclosedFigure| Figure {
            name: figure.name.into(),
            unit: figure.unit.into(),
            value: figure.value,
        };
        Ok(Disclosure {
            unit: unit_id(&answer.unit)?.to_string(),
            from: answer.from_month,
            to: answer.to_month,
            before_fen: answer.before_fen,
            received: answer.received.into_iter().map(line).collect(),
            spent: answer.spent.into_iter().map(line).collect(),
            after_fen: answer.after_fen,
            figures: answer.figures.into_iter().map(figure).collect(),
        })
    }

    /// Overrides, late entries, reversals and rule changes of a unit and all below it.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn report_events(&self, unit: UnitId) -> Result<Vec<Event>, ClientError> {
        let parent = &name::UNITS.name(&unit);
        let events = pages(usize::MAX, |page_token| async move {
            let request = v1::ListReportEventsRequest {
                parent: parent.clone(),
                page_size: PAGE_SIZE,
                page_token,
            };
            let mut reports = self.connection.reports();
            let answer = self
                .call(reports.list_report_events(self.request(request)))
                .await?;
            Ok((answer.events, answer.next_page_token))
        });
        events.await?.into_iter().map(event).collect()
    }

    /// Members of a unit and all below it who could redeem hours and never have.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn savers(&self, unit: UnitId) -> Result<Vec<Saver>, ClientError> {
        let parent = &name::UNITS.name(&unit);
        let savers = pages(usize::MAX, |page_token| async move {
            let request = v1::ListSaversRequest {
                parent: parent.clone(),
                page_size: PAGE_SIZE,
                page_token,
            };
            let mut reports = self.connection.reports();
            let answer = self
                .call(reports.list_savers(self.request(request)))
                .await?;
            Ok((answer.savers, answer.next_page_token))
        });
        savers.await?.iter().map(saver).collect()
    }

    /// Members of a unit and all below it who have served for a star at least.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn honours(&self, unit: UnitId) -> Result<Vec<Honour>, ClientError> {
        let parent = &name::UNITS.name(&unit);
        let honours = pages(usize::MAX, |page_token| async move {
            let request = v1::ListHonoursRequest {
                parent: parent.clone(),
                page_size: PAGE_SIZE,
                page_token,
            };
            let mut reports = self.connection.reports();
            let answer = self
                .call(reports.list_honours(self.request(request)))
                .await?;
            Ok((answer.honours, answer.next_page_token))
        });
        honours.await?.iter().map(honour).collect()
    }

    /// Settled visits of a unit and all below it to look into first.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn reviews(&self, unit: UnitId) -> Result<Vec<Review>, ClientError> {
        let parent = &name::UNITS.name(&unit);
        let reviews = pages(usize::MAX, |page_token| async move {
            let request = v1::ListReviewsRequest {
                parent: parent.clone(),
                page_size: PAGE_SIZE,
                page_token,
            };
            let mut reports = self.connection.reports();
            let answer = self
                .call(reports.list_reviews(self.request(request)))
                .await?;
            Ok((answer.reviews, answer.next_page_token))
        });
        reviews.await?.iter().map(review).collect()
    }

    /// Cases of a unit and all below it that nobody has closed.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn open_cases(&self, unit: UnitId) -> Result<Vec<OpenCase>, ClientError> {
        let parent = &name::UNITS.name(&unit);
        let cases = pages(usize::MAX, |page_token| async move {
            let request = v1::ListOpenCasesRequest {
                parent: parent.clone(),
                page_size: PAGE_SIZE,
                page_token,
            };
            let mut reports = self.connection.reports();
            let call = reports.list_open_cases(self.request(request));
            let answer = self.call(call).await?;
            Ok((answer.cases, answer.next_page_token))
        });
        cases.await?.iter().map(open_case).collect()
    }

    /// Draws so many settled visits of a unit and all below it.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn draw_sample(&self, unit: UnitId, count: u32) -> Result<Drawn, ClientError> {
        let request = v1::DrawSampleRequest {
            parent: name::UNITS.name(&unit),
            count: i32::try_from(count).unwrap_or(i32::MAX),
        };
        let mut reports = self.connection.reports();
        let answer = self
            .call(reports.draw_sample(self.request(request)))
            .await?;
        let root: Option<[u8; 32]> = answer.root.try_into().ok();
        let services = answer.services.iter();
        let services = services.map(|service| id(&name::SERVICES, service));
        Ok(Drawn {
            size: TreeSize::new(count_of(answer.tree_size)?),
            root: Hash::from_bytes(known(root, "the root")?),
            services: services.collect::<Result<_, _>>()?,
        })
    }
}

fn indicator(indicator: v1::Indicator) -> Result<Indicator, ClientError> {
    Ok(Indicator {
        light: known(view::light_from(indicator.light), "a light")?,
        block: indicator.block.into(),
        name: indicator.name.into(),
        unit: indicator.unit.into(),
        value: indicator.value,
        before: indicator.before,
    })
}

fn event(event: v1::ReportEvent) -> Result<Event, ClientError> {
    Ok(Event {
        position: id(&name::RECORDS, &event.record)?,
        recorded: Millis::new(event.recorded_ms),
        what: event.what.into(),
        author: member_id(&event.author)?,
        unit: unit_id(&event.unit)?,
    })
}

fn saver(saver: &v1::Saver) -> Result<Saver, ClientError> {
    Ok(Saver {
        member: member_id(&saver.member)?,
        unit: unit_id(&saver.unit)?,
        minutes: saver.minutes,
        active: Millis::new(saver.active_ms),
    })
}

fn open_case(case: &v1::OpenCaseItem) -> Result<OpenCase, ClientError> {
    Ok(OpenCase {
        case: entry_id(&case.case)?,
        kind: known(view::case_kind_from(case.kind), "a case")?,
        unit: unit_id(&case.unit)?,
        due: optional_time(case.due_ms),
    })
}

fn honour(honour: &v1::Honour) -> Result<Honour, ClientError> {
    Ok(Honour {
        member: member_id(&honour.member)?,
        unit: unit_id(&honour.unit)?,
        minutes: honour.minutes,
        stars: known(u8::try_from(honour.stars).ok(), "the number of stars")?,
    })
}

fn review(review: &v1::Review) -> Result<Review, ClientError> {
    Ok(Review {
        service: id(&name::SERVICES, &review.service)?,
        unit: unit_id(&review.unit)?,
        score: known(u32::try_from(review.score).ok(), "the score of a visit")?,
        signs: review.signs.iter().cloned().map(Into::into).collect(),
    })
}
