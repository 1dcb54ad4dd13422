//! A station where everybody has a phone: an operator, one of the staff, and a
//! member, each enrolled by the line that their own phone has shown.

use std::path::Path;

use anyhow::Result;
use timebank_tests::bank::{Bank, Plan};

use crate::desk::Desk;

pub(crate) struct Station {
    bank: Bank,
    pub(crate) operator: Desk,
    pub(crate) staff: Desk,
    pub(crate) member: Desk,
}

impl Station {
    pub(crate) fn open() -> Result<Self> {
        let bank = Plan::sqlite(Path::new(env!("CARGO_BIN_EXE_timebank-lab")))?.start()?;
        let [operator, staff, member] = [(); 3].map(|()| Desk::before(&bank));
        let (operator, staff, member) = (operator?, staff?, member?);
        operator.said(&["key", "new"])?;
        std::fs::write(operator.folder.join("rules"), r#"{"issuance": "mint"}"#)?;
        let open = ["scheme", "open", "--name", "Sunshine", "--born", "1970-05"];
        operator.said(&[&open[..], &["--rules", "rules"]].concat())?;
        let add = ["scheme", "unit", "add"];
        operator.said(&[&add[..], &["North", "--kind", "district"]].concat())?;
        let station = ["Riverside", "--kind", "station", "--parent", "North"];
        operator.said(&[&add[..], &station].concat())?;
        for (desk, born) in [(&staff, "1980-02"), (&member, "1950-03")] {
            let line = desk.field("request", &["key", "new"])?;
            let enrol = ["member", "enrol", "--unit", "Riverside"];
            operator.said(&[&enrol[..], &["--born", born, "--request", &line]].concat())?;
        }
        let id = staff.field("member", &["key", "show"])?;
        operator.said(&["scheme", "appoint", &id, "staff", "--unit", "Riverside"])?;
        Ok(Self {
            bank,
            operator,
            staff,
            member,
        })
    }

    /// A phone on which nothing has happened yet.
    pub(crate) fn phone(&self) -> Result<Desk> {
        Desk::before(&self.bank)
    }

    pub(crate) fn end(self) -> Result<()> {
        self.bank.end()
    }
}
