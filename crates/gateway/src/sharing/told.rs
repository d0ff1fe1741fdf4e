//! Changes on their way between replicas.

use std::sync::Arc;

use coordination::{Happening, Mark, NewsListener, Scope, Touch};
use session_provider::{ProviderId, RoomId, SessionId};

use crate::changes::{Cause, Changes, Hint, OtherReplicas, RoomChange};
use crate::sharing::Sharing;

/// Tells others what changes here, and this replica what others say.
#[derive(Debug)]
struct Told {
    sharing: Sharing,
    changes: Changes,
}

/// Has this replica and the others tell each other what changes.
pub(crate) fn tell_each_other(sharing: &Sharing, changes: &Changes) {
    let told = Arc::new(Told { sharing: sharing.clone(), changes: changes.clone() });
    changes.tell_others(Arc::clone(&told) as Arc<dyn OtherReplicas>);
    sharing.cluster().listen(told);
}

impl Told {
    /// `whole`: lists and counts of the account are touched, too.
    fn say<'a>(
        &self,
        provider: &ProviderId,
        whole: bool,
        rooms: impl Iterator<Item = &'a RoomId>,
        session: Option<&SessionId>,
        happening: &Happening,
    ) {
        let Some(scope) = self.sharing.scope(provider) else { return };
        let of_account = whole.then(Mark::account);
        let of_rooms = rooms.map(|room| Mark::room(room.as_str()));
        let of_session = session.map(|session| Mark::session(session.as_str()));
        let marks = of_account.into_iter().chain(of_rooms).chain(of_session).collect();
        self.sharing.cluster().touch_soon(scope, Touch { marks, said: happening.encode() });
    }

    /// Another provider here that is the same account hears of it as from another replica.
    fn others_here<'a>(&'a self, provider: &'a ProviderId) -> impl Iterator<Item = &'a ProviderId> {
        let scope = self.sharing.scope(provider);
        scope.into_iter().flat_map(|scope| self.sharing.providers(scope)).filter(move |other| *other != provider)
    }
}

impl OtherReplicas for Told {
    fn tell(&self, change: &RoomChange) {
        let room = change.room.to_string();
        let session = change.session.as_ref().map(ToString::to_string);
        let rooms = std::iter::once(&change.room);
        self.say(&change.provider, true, rooms, change.session.as_ref(), &Happening::Changed { room, session });
        for provider in self.others_here(&change.provider) {
            let cause = Cause::Elsewhere;
            self.changes.heard(RoomChange { provider: provider.clone(), cause, ..change.clone() });
        }
    }

    fn outdate(&self, provider: &ProviderId, rooms: &[&RoomId], session: Option<&SessionId>) {
        self.say(provider, false, rooms.iter().copied(), session, &Happening::Seen);
    }

    fn tell_hint(&self, hint: &Hint) {
        let rooms = hint.rooms.iter().map(ToString::to_string).collect();
        let session = hint.session.as_ref().map(ToString::to_string);
        self.say(&hint.provider, true, hint.rooms.iter(), hint.session.as_ref(), &Happening::Hinted { rooms, session });
        for provider in self.others_here(&hint.provider) {
            self.changes.heard_hint(Hint { provider: provider.clone(), ..hint.clone() });
        }
    }
}

impl NewsListener for Told {
    fn changed(&self, scope: Scope, room: &str, session: Option<&str>) {
        // Who can write to the store can write anything: what is no id is about anything.
        let Ok(room) = RoomId::new(room) else { return self.everything_changed(scope) };
        for provider in self.sharing.providers(scope) {
            self.changes.heard(RoomChange {
                provider: provider.clone(),
                room: room.clone(),
                session: session.and_then(|session| SessionId::new(session).ok()),
                cause: Cause::Elsewhere,
            });
        }
    }

    fn hinted(&self, scope: Scope, rooms: &[String], session: Option<&str>) {
        for provider in self.sharing.providers(scope) {
            self.changes.heard_hint(Hint {
                provider: provider.clone(),
                rooms: rooms.iter().filter_map(|room| RoomId::new(room).ok()).collect(),
                session: session.and_then(|session| SessionId::new(session).ok()),
            });
        }
    }

    fn everything_changed(&self, scope: Scope) {
        for provider in self.sharing.providers(scope) {
            self.changes.everything_changed(provider);
        }
    }
}
