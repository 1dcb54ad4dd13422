//! Which sets of witnesses are enough: C2SP tlog-policy, sections on quorum and groups.

/// What a name of the policy stands for, by its index in the order of definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Member {
    Witness(usize),
    Group(usize),
}

/// At least `threshold` of the members must have witnessed. Members are defined before the group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) threshold: usize,
    pub(super) members: Vec<Member>,
}

/// The member that must have witnessed, with all groups that it may rest on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Quorum {
    pub(super) groups: Vec<Group>,
    pub(super) needed: Option<Member>,
}

impl Quorum {
    /// Asks for no witness.
    pub(super) fn none() -> Self {
        Self {
            groups: Vec::new(),
            needed: None,
        }
    }

    pub(super) fn is_none(&self) -> bool {
        self.needed.is_none()
    }

    /// Whether enough witnesses have cosigned; the function answers for the witness of an index.
    pub(super) fn is_met(&self, has_cosigned: impl Fn(usize) -> bool) -> bool {
        let mut has_witnessed: Vec<bool> = Vec::with_capacity(self.groups.len());
        let judge = |member: &Member, groups: &[bool]| match *member {
            Member::Witness(index) => has_cosigned(index),
            Member::Group(index) => groups[index],
        };
        // A group refers only to earlier ones, so one pass in order knows all.
        for group in &self.groups {
            let members = group.members.iter();
            let count = members
                .filter(|member| judge(member, &has_witnessed))
                .count();
            has_witnessed.push(count >= group.threshold);
        }
        self.needed
            .is_none_or(|member| judge(&member, &has_witnessed))
    }
}
