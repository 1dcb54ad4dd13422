//! Where a report comes from: the records, which are proven, or the server, whose
//! word it is.

use std::path::PathBuf;

use client::Client;
use client::audit::Reading;
use client::read::Drawn;
use ledger::log::{Hash, TreeSize};
use ledger::report::{Disclosure, Event, Honour, OpenCase, Page, Review, Saver, Statistics};
use ledger::scheme::Scheme;
use ledger::state::{Key, Row};
use ledger::unit::UnitKind;
use ledger::{Effects, Record, State, UnitId, YearMonth};

use crate::cli::audit::read_proven;
use crate::cli::context::{self, Context};
use crate::cli::error::CliError;

/// Where a report comes from.
pub(super) enum Source {
    /// The records, audited.
    Proven(Box<Proven>),
    /// The server.
    Told(Box<Client>),
}

/// What the records say.
pub(super) struct Proven {
    statistics: Statistics,
    state: State,
    size: TreeSize,
    root: Hash,
    newest: YearMonth,
}

/// Counts along, and keeps the last state.
#[derive(Default)]
struct Reader {
    statistics: Statistics,
    state: Option<State>,
}

impl Reading for Reader {
    fn read(&mut self, record: &Record, effects: &Effects, state: &State) {
        self.statistics.read(record, effects, state);
    }

    fn end(&mut self, state: &State) {
        self.state = Some(state.clone());
    }
}

/// Audits a ledger, and reads it.
pub(super) async fn proven(context: &Context, dir: Option<PathBuf>) -> Result<Source, CliError> {
    let (audited, reader) = read_proven(context, dir, Reader::default()).await?;
    let nothing = || CliError::usage("the ledger is not open yet: `timebank scheme open`");
    let statistics = reader.statistics;
    Ok(Source::Proven(Box::new(Proven {
        newest: statistics.newest_month().ok_or_else(nothing)?,
        statistics,
        state: reader.state.ok_or_else(nothing)?,
        size: audited.tree_size,
        root: audited.root,
    })))
}

impl Source {
    pub(super) async fn page(
        &self,
        unit: UnitId,
        month: Option<YearMonth>,
    ) -> Result<Page, CliError> {
        Ok(match self {
            Self::Proven(it) => {
                let month = month.unwrap_or(it.newest);
                it.statistics.page(&it.state, unit, month)
            }
            Self::Told(client) => client.report(unit, month).await?,
        })
    }

    pub(super) async fn disclosure(
        &self,
        unit: UnitId,
        span: [YearMonth; 2],
    ) -> Result<Disclosure, CliError> {
        Ok(match self {
            Self::Proven(it) => it.statistics.disclosure(&it.state, unit, span),
            Self::Told(client) => client.disclosure(unit, span).await?,
        })
    }

    pub(super) async fn events(&self, unit: UnitId) -> Result<Vec<Event>, CliError> {
        Ok(match self {
            Self::Proven(it) => it.statistics.events(&it.state, unit),
            Self::Told(client) => client.report_events(unit).await?,
        })
    }

    pub(super) async fn savers(&self, unit: UnitId) -> Result<Vec<Saver>, CliError> {
        Ok(match self {
            Self::Proven(it) => it.statistics.savers(&it.state, unit),
            Self::Told(client) => client.savers(unit).await?,
        })
    }

    pub(super) async fn open_cases(&self, unit: UnitId) -> Result<Vec<OpenCase>, CliError> {
        Ok(match self {
            Self::Proven(it) => it.statistics.open_cases(&it.state, unit),
            Self::Told(client) => client.open_cases(unit).await?,
        })
    }

    pub(super) async fn reviews(&self, unit: UnitId) -> Result<Vec<Review>, CliError> {
        Ok(match self {
            Self::Proven(it) => it.statistics.reviews(&it.state, unit),
            Self::Told(client) => client.reviews(unit).await?,
        })
    }

    pub(super) async fn honours(&self, unit: UnitId) -> Result<Vec<Honour>, CliError> {
        Ok(match self {
            Self::Proven(it) => it.statistics.honours(&it.state, unit),
            Self::Told(client) => client.honours(unit).await?,
        })
    }

    pub(super) async fn sample(&self, unit: UnitId, count: u32) -> Result<Drawn, CliError> {
        Ok(match self {
            Self::Proven(it) => {
                let count = usize::try_from(count).unwrap_or(usize::MAX);
                Drawn {
                    size: it.size,
                    root: it.root,
                    services: it.statistics.sample(&it.state, unit, &it.root, count),
                }
            }
            Self::Told(client) => client.draw_sample(unit, count).await?,
        })
    }

    /// The pages of all stations below a unit, with their names.
    pub(super) async fn stations(
        &self,
        unit: UnitId,
        month: Option<YearMonth>,
    ) -> Result<Vec<(String, Page)>, CliError> {
        let units = self.units().await?;
        let stations = units.iter().filter(|it| it.kind == UnitKind::Station);
        let mut pages = Vec::new();
        for station in stations.filter(|it| it.is_below(unit, &units)) {
            pages.push((station.name.clone(), self.page(station.unit, month).await?));
        }
        Ok(pages)
    }

    /// A unit by its id or name; if none is named the scheme, or in a server's words
    /// the unit of one's role.
    pub(super) async fn find_unit(&self, named: Option<&str>) -> Result<UnitId, CliError> {
        match (self, named) {
            (Self::Told(client), Some(named)) => context::find_unit(client, named).await,
            (Self::Told(client), None) => own_office(client).await,
            (Self::Proven(it), None) => {
                let scheme: Option<&Scheme> = it.state.find(&()).ok().flatten();
                let unit = scheme.map(|scheme| scheme.unit);
                unit.ok_or_else(|| CliError::usage("the ledger is not open yet"))
            }
            (Self::Proven(_), Some(named)) => {
                let units = self.units().await?;
                let is_meant = |it: &&Named| it.unit.to_string() == named || it.name == named;
                let mut found = units.iter().filter(is_meant);
                match (found.next(), found.next()) {
                    (Some(it), None) => Ok(it.unit),
                    (None, _) => Err(CliError::usage(format!("there is no unit {named:?}"))),
                    _ => Err(CliError::usage(format!(
                        "several units are called {named:?}"
                    ))),
                }
            }
        }
    }

    async fn units(&self) -> Result<Vec<Named>, CliError> {
        let units = match self {
            Self::Told(client) => {
                let units = client.units().await?.into_iter();
                let named = units.map(|it| Named {
                    unit: it.unit,
                    parent: it.parent,
                    kind: it.kind,
                    name: it.display_name,
                });
                named.collect()
            }
            Self::Proven(it) => {
                let units = it.state.rows().filter_map(|(key, row)| match (key, row) {
                    (Key::Unit(unit), Row::Unit(row)) => Some(Named {
                        unit: *unit,
                        parent: row.parent,
                        kind: row.kind,
                        name: row.display_name.clone(),
                    }),
                    _ => None,
                });
                units.collect()
            }
        };
        Ok(units)
    }
}

/// The unit of one's first role, or else the scheme's: who may see less than the
/// scheme sees that.
async fn own_office(client: &Client) -> Result<UnitId, CliError> {
    let own = client.identity()?.member.to_string();
    match client.member(&own).await?.roles.first() {
        Some(role) => Ok(role.unit),
        None => crate::cli::scheme::unit_or_scheme(client, None).await,
    }
}

/// A unit, as a report needs it.
struct Named {
    unit: UnitId,
    parent: Option<UnitId>,
    kind: UnitKind,
    name: String,
}

impl Named {
    /// Whether it is a unit, or below it.
    fn is_below(&self, unit: UnitId, units: &[Self]) -> bool {
        let above = |it: &&Self| units.iter().find(|above| Some(above.unit) == it.parent);
        std::iter::successors(Some(self), above).any(|it| it.unit == unit)
    }
}
