//! What follows from another finding is not said beside it: who mends the one mends the other.

use super::{Finding, FindingKind};

/// Kinds that make others.
const ROOTS: [FindingKind; 6] = [
    FindingKind::DuplicateClientId,
    FindingKind::SubscriptionsDiffer,
    FindingKind::SilentMember,
    FindingKind::StrategiesDiffer,
    FindingKind::QueueWithoutClient,
    FindingKind::LockedByAnAbsentOwner,
];

/// Kinds that follow from those, in the same group.
const CONSEQUENCES: [FindingKind; 11] = [
    FindingKind::OwnersNotAsDealt,
    FindingKind::NeverCommitted,
    FindingKind::NewQueueFromLastOffset,
    FindingKind::QueueStandsStill,
    FindingKind::HotQueue,
    FindingKind::UnevenOverTopics,
    FindingKind::LagGrows,
    FindingKind::NotLocked,
    FindingKind::SubscriptionNotLatest,
    FindingKind::SubscriptionNotExist,
    FindingKind::SubscriptionChanges,
];

/// The findings without those that follow from others.
pub(super) fn without(mut findings: Vec<Finding>) -> Vec<Finding> {
    let roots: Vec<Option<String>> =
        findings.iter().filter(|finding| ROOTS.contains(&finding.kind)).map(|finding| finding.group.clone()).collect();
    findings.retain(|finding| !CONSEQUENCES.contains(&finding.kind) || !roots.contains(&finding.group));
    findings
}
