//! Who is setting up: the sign-up or login, and where in the account the work is done.

use model::{Code, Role};

use super::wire::Me;
use crate::commands::remote::{Client, Credentials, Failure, Session};

/// The organisation and team that everything is made in.
pub(super) struct Place {
    pub(super) org: String,
    pub(super) team: String,
}

impl Place {
    /// An address inside the organisation.
    pub(super) fn in_org(&self, rest: &str) -> String {
        format!("/v1/orgs/{}/{rest}", self.org)
    }

    /// An address inside the team.
    pub(super) fn in_team(&self, rest: &str) -> String {
        format!("/v1/orgs/{}/teams/{}/{rest}", self.org, self.team)
    }
}

/// Logs in, after signing up if that is what it takes.
pub(super) async fn enter(client: &mut Client, email: &str, password: String) -> Result<Session, Failure> {
    let credentials = Credentials { email, password: &password };
    let session: Session = match client.post("/v1/login", &credentials).await {
        Err(failure) if failure.is(Code::InvalidCredentials) => {
            // The API does not tell whether the account is missing or the password wrong; signing up settles it.
            client.tell("/v1/signup", &credentials).await?;
            match client.post("/v1/login", &credentials).await {
                Err(failure) if failure.is(Code::InvalidCredentials) => {
                    return Err(Failure::asked(
                        format!("there is an account for {email} already, and this is not its password"),
                        "give its password, or sign up with another address",
                    ));
                }
                other => other?,
            }
        }
        other => other?,
    };
    client.log_in(&session.access_token);
    Ok(session)
}

/// The organisation and team named, or else the first in which the account may set things up.
pub(super) fn place(me: &Me, org: Option<&str>, team: Option<&str>) -> Result<Place, Failure> {
    let chosen = match org {
        Some(name) => me.memberships.iter().find(|membership| membership.org == name),
        None => me.memberships.iter().find(|membership| membership.role == Role::Admin),
    };
    let Some(membership) = chosen else {
        let names: Vec<_> = me.memberships.iter().map(|membership| membership.org.as_str()).collect();
        return Err(Failure::asked(
            "this account has no such organisation, or is not an admin of any",
            format!("--org takes one of: {}", names.join(", ")),
        ));
    };
    let chosen = match team {
        Some(name) => membership.teams.iter().find(|team| *team == name),
        None => membership.teams.first(),
    };
    let Some(team) = chosen else {
        return Err(Failure::asked(
            format!("{} has no such team", membership.org),
            format!("--team takes one of: {}", membership.teams.join(", ")),
        ));
    };
    Ok(Place { org: membership.org.clone(), team: team.clone() })
}

#[cfg(test)]
mod tests {
    use super::super::wire::Membership;
    use super::*;

    fn me() -> Me {
        let membership = |org: &str, role, teams: &[&str]| Membership {
            org: org.to_owned(),
            role,
            teams: teams.iter().map(|team| (*team).to_owned()).collect(),
        };
        Me {
            memberships: vec![
                membership("guest", Role::Viewer, &["all"]),
                membership("acme", Role::Admin, &["default", "payments"]),
            ],
        }
    }

    fn chosen(org: Option<&str>, team: Option<&str>) -> Option<(String, String)> {
        place(&me(), org, team).ok().map(|place| (place.org, place.team))
    }

    #[test]
    fn without_names_the_first_organisation_one_may_change_is_taken() {
        assert_eq!(chosen(None, None), Some(("acme".to_owned(), "default".to_owned())));
        assert_eq!(chosen(None, Some("payments")), Some(("acme".to_owned(), "payments".to_owned())));
        assert_eq!(chosen(Some("guest"), None), Some(("guest".to_owned(), "all".to_owned())));
    }

    #[test]
    fn a_name_that_is_not_there_is_answered_with_those_that_are() {
        let failure = place(&me(), Some("nobody"), None).err().unwrap().to_string();
        assert!(failure.contains("guest, acme"), "{failure}");
        let failure = place(&me(), None, Some("nobody")).err().unwrap().to_string();
        assert!(failure.contains("default, payments"), "{failure}");
    }
}
