//! Requests for approval: one for each call, decided by people, used by one call.

use jiff::SignedDuration;
use model::{ApprovalRequest, ApprovalStatus, ApprovalUse, CallDigest, SealedCall};
use policy::{ApprovalTerms, Approvers};
use store::{Approval, Asked, Decided, Discovery, FoundTool, ProtocolEra};
use tokio::task::JoinSet;

use crate::world::{Equipped, Tenant, World, fresh, now, put};

/// A call of `pay` that needs an admin's approval within half an hour.
pub(crate) fn request(tenant: &Tenant, equipped: &Equipped, digest: u8) -> ApprovalRequest {
    ApprovalRequest {
        id: fresh(),
        event: fresh(),
        org: tenant.org,
        team: tenant.team,
        identity: equipped.identity.id,
        grant: equipped.grant.id,
        server: equipped.server.id,
        method: "tools/call".to_owned(),
        subject: "pay".to_owned(),
        digest: CallDigest([digest; 32]),
        call: SealedCall("sealed".to_owned()),
        policy: equipped.policy,
        policy_version: 1,
        rule: "/tools/pay/approval".to_owned(),
        message: "Payments are looked at.".to_owned(),
        terms: ApprovalTerms { approvers: Approvers::Admin, quorum: 1, expires_in: 1800 },
    }
}

async fn world() -> (World, Tenant, Equipped) {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    (world, tenant, equipped)
}

async fn ask(world: &World, tenant: &Tenant, request: &ApprovalRequest) -> Approval {
    let mut tx = world.begin(tenant).await;
    let asked = tx.ask_approval(request, 50, now()).await.unwrap();
    tx.commit().await.unwrap();
    match asked {
        Asked::New(approval) | Asked::Found(approval) => *approval,
        other => panic!("{other:?}"),
    }
}

async fn approve(world: &World, tenant: &Tenant, approval: &Approval) {
    let mut tx = world.begin(tenant).await;
    let decided = tx.decide_approval(approval.id, tenant.user, (true, None), now()).await.unwrap();
    assert!(
        matches!(&decided, Decided::Kept(after) if after.status == ApprovalStatus::Approved),
        "{decided:?}"
    );
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn many_who_ask_at_once_for_the_same_call_get_one_request() {
    let (world, tenant, equipped) = world().await;
    let mut askers = JoinSet::new();
    for _ in 0..8 {
        let (store, request) = (world.store.clone(), request(&tenant, &equipped, 1));
        askers.spawn(async move {
            let mut tx = store.begin(request.org).await.unwrap();
            let asked = tx.ask_approval(&request, 50, now()).await.unwrap();
            tx.commit().await.unwrap();
            match asked {
                Asked::New(approval) => (approval.id, true),
                Asked::Found(approval) => (approval.id, false),
                other => panic!("{other:?}"),
            }
        });
    }
    let answers = askers.join_all().await;
    assert!(answers.iter().all(|(id, _)| *id == answers.first().unwrap().0), "{answers:?}");
    assert_eq!(answers.iter().filter(|(_, new)| *new).count(), 1);
}

#[tokio::test]
async fn of_many_calls_that_claim_an_approval_at_once_exactly_one_gets_it() {
    let (world, tenant, equipped) = world().await;
    let approval = ask(&world, &tenant, &request(&tenant, &equipped, 1)).await;
    approve(&world, &tenant, &approval).await;
    let mut claims = JoinSet::new();
    for _ in 0..8 {
        let (store, claim) =
            (world.store.clone(), ApprovalUse { org: tenant.org, id: approval.id, event: fresh() });
        claims.spawn(async move {
            let mut tx = store.begin(claim.org).await.unwrap();
            let (granted, after) = tx.claim_approval(&claim, now()).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(after.status, ApprovalStatus::Used);
            granted.then_some(claim)
        });
    }
    let granted: Vec<ApprovalUse> = claims.join_all().await.into_iter().flatten().collect();
    assert_eq!(granted.len(), 1);
    let claim = *granted.first().unwrap();
    let mut tx = world.begin(&tenant).await;
    assert!(tx.claim_approval(&claim, now()).await.unwrap().0, "the same call is answered the same");
    // Only whoever has it gives it back, and it can be used then.
    assert!(!tx.release_approval(&ApprovalUse { event: fresh(), ..claim }, now()).await.unwrap());
    assert!(tx.release_approval(&claim, now()).await.unwrap());
    let (granted, after) = tx.claim_approval(&ApprovalUse { event: fresh(), ..claim }, now()).await.unwrap();
    assert!(granted && after.used_by.is_some());
}

#[tokio::test]
async fn a_used_approval_is_not_given_back_over_a_request_that_waits_anew() {
    let (world, tenant, equipped) = world().await;
    let first = ask(&world, &tenant, &request(&tenant, &equipped, 1)).await;
    approve(&world, &tenant, &first).await;
    let claim = ApprovalUse { org: tenant.org, id: first.id, event: fresh() };
    let mut tx = world.begin(&tenant).await;
    assert!(tx.claim_approval(&claim, now()).await.unwrap().0);
    tx.commit().await.unwrap();
    let second = ask(&world, &tenant, &request(&tenant, &equipped, 1)).await;
    assert_ne!(first.id, second.id);
    let mut tx = world.begin(&tenant).await;
    assert!(!tx.release_approval(&claim, now()).await.unwrap());
    assert_eq!(tx.approval(first.id, now()).await.unwrap().status, ApprovalStatus::Used);
}

#[tokio::test]
async fn a_request_is_bound_to_all_that_it_was_asked_for() {
    let (world, tenant, equipped) = world().await;
    let asked = request(&tenant, &equipped, 1);
    let first = ask(&world, &tenant, &asked).await;
    assert_eq!(ask(&world, &tenant, &ApprovalRequest { id: fresh(), ..asked.clone() }).await.id, first.id);
    let stricter = ApprovalTerms { quorum: 2, ..asked.terms.clone() };
    for other in [
        ApprovalRequest { id: fresh(), digest: CallDigest([2; 32]), ..asked.clone() },
        ApprovalRequest { id: fresh(), terms: stricter, ..asked.clone() },
    ] {
        assert_ne!(ask(&world, &tenant, &other).await.id, first.id);
    }
    let mut tx = world.begin(&tenant).await;
    let old = ApprovalRequest { id: fresh(), policy_version: 2, ..asked.clone() };
    assert_eq!(tx.ask_approval(&old, 50, now()).await.unwrap(), Asked::Outdated);
    let later = now().saturating_add(SignedDuration::from_secs(1800)).unwrap();
    assert_eq!(tx.approval(first.id, later).await.unwrap().status, ApprovalStatus::Expired);
    let anew = ApprovalRequest { id: fresh(), ..asked };
    assert!(matches!(tx.ask_approval(&anew, 50, later).await.unwrap(), Asked::New(_)));
}

#[tokio::test]
async fn a_new_policy_version_or_definition_makes_what_was_approved_unfit() {
    let (world, tenant, equipped) = world().await;
    let found = |hash: u8| Discovery {
        era: ProtocolEra::Modern,
        protocol_version: "2026-07-28".to_owned(),
        server_info: None,
        tools: vec![FoundTool {
            name: "pay".to_owned(),
            definition: format!("{{\"version\": {hash}}}"),
            hash: [hash; 32],
            class: None,
            annotations: None,
        }],
    };
    let learn = async |hash| {
        let mut tx = world.begin(&tenant).await;
        tx.record_discovery(equipped.server.id, &found(hash), now()).await.unwrap();
        tx.commit().await.unwrap();
    };
    let claimed = async |approval: &Approval| {
        let claim = ApprovalUse { org: tenant.org, id: approval.id, event: fresh() };
        let (granted, after) = world.begin(&tenant).await.claim_approval(&claim, now()).await.unwrap();
        assert_eq!(granted, after.status == ApprovalStatus::Used);
        after.status
    };
    learn(1).await;
    let approval = ask(&world, &tenant, &request(&tenant, &equipped, 1)).await;
    assert_eq!(approval.definition.as_deref(), Some("{\"version\": 1}"));
    approve(&world, &tenant, &approval).await;
    learn(2).await;
    assert_eq!(claimed(&approval).await, ApprovalStatus::Unfit);
    let again = ask(&world, &tenant, &request(&tenant, &equipped, 1)).await;
    assert_ne!(again.id, approval.id, "another definition, another request");
    learn(1).await;
    assert_eq!(claimed(&approval).await, ApprovalStatus::Used, "what was approved is what is there");
    let mut tx = world.begin(&tenant).await;
    put(&mut tx, equipped.server.id, "main", r#"{"version":"1","default":"deny"}"#).await;
    tx.commit().await.unwrap();
    assert_eq!(claimed(&approval).await, ApprovalStatus::Unfit);
}

#[tokio::test]
async fn an_identity_has_so_many_open_requests_and_no_more() {
    let (world, tenant, equipped) = world().await;
    let mut tx = world.begin(&tenant).await;
    for digest in 0..3 {
        let asked = tx.ask_approval(&request(&tenant, &equipped, digest), 3, now()).await.unwrap();
        assert!(matches!(asked, Asked::New(_)));
    }
    let more = tx.ask_approval(&request(&tenant, &equipped, 9), 3, now()).await.unwrap();
    assert_eq!(more, Asked::TooMany(3));
    assert!(matches!(
        tx.ask_approval(&request(&tenant, &equipped, 1), 3, now()).await.unwrap(),
        Asked::Found(_)
    ));
}
