//! Signed tokens that live for minutes: access tokens of people, and tokens by which gateways prove themselves.
//!
//! HS256 and nothing else: whoever checks these tokens also issues them. The header of a token must equal the one we
//! write, so that `alg`, `crit`, `jku` and their kin give a forger nothing to play with. Time comes in as an argument,
//! in milliseconds since 1970.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use model::{SessionId, UserId};
use rand::CryptoRng;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Key, Secret};

/// Life of a person's access token, in seconds.
pub const ACCESS_SECONDS: u32 = 600;
/// Life of a gateway's token, in seconds.
pub const NODE_SECONDS: u32 = 60;
/// Seconds by which the clocks of two of our machines may differ.
const LEEWAY_SECONDS: i64 = 5;
/// Longest token that is looked at, in bytes; ours have some 500.
const MAX_CHARS: usize = 2048;

const ACCESS_AUDIENCE: &str = "policylayer-api";
const NODE_ISSUER: &str = "policylayer-node";
const NODE_AUDIENCE: &str = "policylayer-internal";

/// Whose access token it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// The person.
    pub user: UserId,
    /// The sign-in; once it is ended, its tokens are worth nothing.
    pub session: SessionId,
}

/// Issues and checks access tokens of people (`typ: at+jwt`, RFC 9068). Valid for [`ACCESS_SECONDS`].
pub struct AccessTokens(Signer);

impl AccessTokens {
    /// `issuer` is the installation's public URL.
    #[must_use]
    pub fn new(key: &Key, issuer: &str) -> Self {
        Self(Signer::new(key, "at+jwt", issuer, ACCESS_AUDIENCE, ACCESS_SECONDS))
    }

    /// A token for `access`, valid from `now_ms`.
    ///
    /// # Errors
    /// [`JwtError::Unsigned`] if the library fails, which it has no reason to.
    pub fn issue(
        &self,
        access: Access,
        now_ms: i64,
        random: &mut impl CryptoRng,
    ) -> Result<Secret, JwtError> {
        self.0.sign(access.user.to_string(), Some(access.session.to_string()), now_ms, random)
    }

    /// Whose token this is, if it is one of ours and in date at `now_ms`. Whether the session still stands is for the
    /// database to say.
    ///
    /// # Errors
    /// [`JwtError::Refused`], [`JwtError::Expired`] or [`JwtError::NotYet`].
    pub fn check(&self, token: &str, now_ms: i64) -> Result<Access, JwtError> {
        let claims = self.0.check(token, now_ms)?;
        let session = claims.sid.as_deref().ok_or(JwtError::Refused)?;
        Ok(Access { user: id(&claims.sub)?, session: id(session)? })
    }
}

fn id<T: std::str::FromStr>(text: &str) -> Result<T, JwtError> {
    text.parse().map_err(|_| JwtError::Refused)
}

/// Issues and checks the tokens that gateways show to the control plane. Valid for [`NODE_SECONDS`].
pub struct NodeTokens(Signer);

impl NodeTokens {
    /// Both sides hold the same node key.
    #[must_use]
    pub fn new(key: &Key) -> Self {
        Self(Signer::new(key, "node+jwt", NODE_ISSUER, NODE_AUDIENCE, NODE_SECONDS))
    }

    /// A token for the gateway named `node`, valid from `now_ms`.
    ///
    /// # Errors
    /// [`JwtError::Unsigned`] if the library fails, which it has no reason to.
    pub fn issue(&self, node: &str, now_ms: i64, random: &mut impl CryptoRng) -> Result<Secret, JwtError> {
        self.0.sign(node.to_owned(), None, now_ms, random)
    }

    /// The name of the gateway, if the token is one of ours and in date at `now_ms`.
    ///
    /// # Errors
    /// [`JwtError::Refused`], [`JwtError::Expired`] or [`JwtError::NotYet`].
    pub fn check(&self, token: &str, now_ms: i64) -> Result<String, JwtError> {
        self.0.check(token, now_ms).map(|claims| claims.sub)
    }
}

/// Why a token was not issued or not accepted. Does not repeat it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwtError {
    /// Not a token of this kind, or not signed by us.
    #[error("not a token of this installation")]
    Refused,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Its time has not come: the clocks of two machines differ.
    #[error("the token is not valid yet; compare the clocks of the machines involved")]
    NotYet,
    /// Signing failed.
    #[error("the token could not be signed")]
    Unsigned,
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
}

struct Signer {
    header: Header,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    issuer: String,
    audience: &'static str,
    life: i64,
}

impl Signer {
    fn new(key: &Key, typ: &str, issuer: &str, audience: &'static str, life: u32) -> Self {
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(typ.to_owned());
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // The library would read the system's clock; ours comes in as an argument.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self {
            header,
            encoding: EncodingKey::from_secret(key.bytes()),
            decoding: DecodingKey::from_secret(key.bytes()),
            validation,
            issuer: issuer.to_owned(),
            audience,
            life: i64::from(life),
        }
    }

    fn sign(
        &self,
        sub: String,
        sid: Option<String>,
        now_ms: i64,
        random: &mut impl CryptoRng,
    ) -> Result<Secret, JwtError> {
        let now = now_ms.div_euclid(1000);
        let mut jti = [0_u8; 16];
        random.fill_bytes(&mut jti);
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.to_owned(),
            sub,
            sid,
            iat: now,
            nbf: now,
            exp: now.saturating_add(self.life),
            jti: BASE64_URL_SAFE_NO_PAD.encode(jti),
        };
        self.sign_claims(&claims)
    }

    fn sign_claims(&self, claims: &impl Serialize) -> Result<Secret, JwtError> {
        jsonwebtoken::encode(&self.header, claims, &self.encoding)
            .map(Secret::from)
            .map_err(|_| JwtError::Unsigned)
    }

    fn decode<T: DeserializeOwned>(&self, token: &str) -> Result<T, JwtError> {
        if token.len() > MAX_CHARS {
            return Err(JwtError::Refused);
        }
        let data = jsonwebtoken::decode::<T>(token, &self.decoding, &self.validation)
            .map_err(|_| JwtError::Refused)?;
        if data.header == self.header { Ok(data.claims) } else { Err(JwtError::Refused) }
    }

    fn check(&self, token: &str, now_ms: i64) -> Result<Claims, JwtError> {
        let claims: Claims = self.decode(token)?;
        let now = now_ms.div_euclid(1000);
        let lasts = claims.exp.checked_sub(claims.nbf).ok_or(JwtError::Refused)?;
        if !(1..=self.life).contains(&lasts) {
            return Err(JwtError::Refused);
        }
        if now >= claims.exp {
            return Err(JwtError::Expired);
        }
        if now.saturating_add(LEEWAY_SECONDS) < claims.nbf {
            return Err(JwtError::NotYet);
        }
        Ok(claims)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;
    use serde_json::{Value, json};

    use super::*;

    const NOW: i64 = 1_767_225_600_000;

    fn key(byte: u8) -> Key {
        Key::from_bytes([byte; 32])
    }

    fn access() -> Access {
        Access { user: UserId::mint(NOW, [1; 10]), session: SessionId::mint(NOW, [2; 10]) }
    }

    fn part(value: &Value) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
    }

    fn claims() -> Value {
        let access = access();
        let now = NOW / 1000;
        json!({"iss": "https://x.example", "aud": ACCESS_AUDIENCE, "sub": access.user, "sid": access.session,
               "iat": now, "nbf": now, "exp": now + 600, "jti": "j"})
    }

    #[test]
    fn sec_36_an_access_token_is_good_for_ten_minutes_and_names_its_user_and_session() {
        let tokens = AccessTokens::new(&key(1), "https://x.example");
        let token = tokens.issue(access(), NOW, &mut rand::rng()).unwrap();
        let check = |offset_ms| tokens.check(token.expose_secret(), NOW + offset_ms);
        assert_eq!(check(0), Ok(access()));
        assert_eq!(check(599_000), Ok(access()));
        assert_eq!(check(600_000), Err(JwtError::Expired));
        assert_eq!(check(-5_000), Ok(access()));
        assert_eq!(check(-6_000), Err(JwtError::NotYet));
        let again = tokens.issue(access(), NOW, &mut rand::rng()).unwrap();
        assert_ne!(token.expose_secret(), again.expose_secret(), "each has a jti of its own");
    }

    #[test]
    fn sec_36_a_token_of_another_key_issuer_or_kind_is_refused() {
        let tokens = AccessTokens::new(&key(1), "https://x.example");
        let mut random = rand::rng();
        let other_key = AccessTokens::new(&key(2), "https://x.example").issue(access(), NOW, &mut random);
        let other_issuer = AccessTokens::new(&key(1), "https://y.example").issue(access(), NOW, &mut random);
        let node = NodeTokens::new(&key(1)).issue("node-1", NOW, &mut random);
        for token in [other_key, other_issuer, node] {
            assert_eq!(tokens.check(token.unwrap().expose_secret(), NOW), Err(JwtError::Refused));
        }
        let token = tokens.issue(access(), NOW, &mut random).unwrap();
        assert_eq!(NodeTokens::new(&key(1)).check(token.expose_secret(), NOW), Err(JwtError::Refused));
    }

    #[test]
    fn sec_36_signed_claims_that_break_a_rule_are_refused() {
        let tokens = AccessTokens::new(&key(1), "https://x.example");
        let check = |claims: &Value| tokens.check(tokens.0.sign_claims(claims).unwrap().expose_secret(), NOW);
        assert_eq!(check(&claims()), Ok(access()));
        for (name, value) in [
            ("aud", json!("policylayer-internal")),
            ("aud", json!(["policylayer-api", "other"])),
            ("iss", json!("https://x.example/")),
            ("exp", json!(NOW / 1000 + 601)),
            ("exp", json!(i64::MAX)),
            ("nbf", json!(i64::MIN)),
            ("exp", json!("1767226200")),
            ("sub", json!("user_1")),
            ("sub", json!(access().session)),
            ("sid", json!(access().user)),
        ] {
            let mut broken = claims();
            broken[name] = value.clone();
            assert_eq!(check(&broken), Err(JwtError::Refused), "{name}: {value}");
        }
        for name in ["iss", "aud", "sub", "sid", "nbf", "exp", "jti"] {
            let mut broken = claims();
            broken.as_object_mut().unwrap().remove(name);
            assert_eq!(check(&broken), Err(JwtError::Refused), "without {name}");
        }
    }

    #[test]
    fn sec_36_headers_that_a_forger_would_try_are_refused() {
        let tokens = AccessTokens::new(&key(1), "https://x.example");
        let sign = |header: &Value| {
            let message = format!("{}.{}", part(header), part(&claims()));
            let mac = crate::pepper::hmac(key(1).bytes(), message.as_bytes());
            format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(mac))
        };
        assert_eq!(tokens.check(&sign(&json!({"typ": "at+jwt", "alg": "HS256"})), NOW), Ok(access()));
        for header in [
            json!({"typ": "at+jwt", "alg": "none"}),
            json!({"typ": "at+jwt", "alg": "None"}),
            json!({"typ": "at+jwt", "alg": "HS512"}),
            json!({"typ": "at+jwt", "alg": "RS256"}),
            json!({"typ": "JWT", "alg": "HS256"}),
            json!({"alg": "HS256"}),
            json!({"typ": "at+jwt", "alg": "HS256", "crit": ["exp"]}),
            json!({"typ": "at+jwt", "alg": "HS256", "crit": ["b64"], "b64": false}),
            json!({"typ": "at+jwt", "alg": "HS256", "kid": "../../dev/null"}),
            json!({"typ": "at+jwt", "alg": "HS256", "jku": "https://evil.example/k"}),
        ] {
            assert_eq!(tokens.check(&sign(&header), NOW), Err(JwtError::Refused), "{header}");
        }
        let unsigned = format!("{}.{}.", part(&json!({"typ": "at+jwt", "alg": "none"})), part(&claims()));
        for bad in ["", ".", "..", "a.b.c", &unsigned, &"a".repeat(MAX_CHARS + 1)] {
            assert_eq!(tokens.check(bad, NOW), Err(JwtError::Refused));
        }
    }

    #[test]
    fn sec_36_a_node_token_is_good_for_a_minute() {
        let tokens = NodeTokens::new(&key(3));
        let token = tokens.issue("node-1", NOW, &mut rand::rng()).unwrap();
        assert_eq!(tokens.check(token.expose_secret(), NOW + 59_000).as_deref(), Ok("node-1"));
        assert_eq!(tokens.check(token.expose_secret(), NOW + 60_000), Err(JwtError::Expired));
    }
}
