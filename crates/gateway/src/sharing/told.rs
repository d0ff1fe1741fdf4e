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
    /// `whole` is what else is touched: lists and counts of the account.
    fn say<'a>(
        &self,
        provider: &ProviderId,
        whole: &[Mark],
        rooms: impl Iterator<Item = &'a RoomId>,
        sessions: impl IntoIterator<Item = &'a SessionId>,
        happening: &Happening,
    ) {
        let Some(scope) = self.sharing.scope(provider) else { return };
        let of_rooms = rooms.map(|room| Mark::room(room.as_str()));
        let of_sessions = sessions.into_iter().map(|session| Mark::session(session.as_str()));
        let marks = whole.iter().cloned().chain(of_rooms).chain(of_sessions).collect();
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
        let whole = [Mark::account(), Mark::until_changed()];
        self.say(&change.provider, &whole, rooms, change.session.as_ref(), &Happening::Changed { room, session });
        for provider in self.others_here(&change.provider) {
            let cause = Cause::Elsewhere;
            self.changes.heard(RoomChange { provider: provider.clone(), cause, ..change.clone() });
        }
    }

    fn outdate(&self, provider: &ProviderId, rooms: &[&RoomId], sessions: &[&SessionId]) {
        let (rooms, sessions) = (rooms.iter().copied(), sessions.iter().copied());
        self.say(provider, &[Mark::any_room()], rooms, sessions, &Happening::Seen);
    }

    fn tell_answer(&self, provider: &ProviderId) {
        // Nobody can take it while the store is away, and afterwards it is old.
        if self.sharing.cluster().is_up() {
            self.say(provider, &[], std::iter::empty(), None, &Happening::Answered);
        }
    }

    fn tell_hint(&self, hint: &Hint) {
        let rooms = hint.rooms.iter().map(ToString::to_string).collect();
        let session = hint.session.as_ref().map(ToString::to_string);
        let (session, said) = (hint.session.as_ref(), Happening::Hinted { rooms, session });
        self.say(&hint.provider, &[Mark::account()], hint.rooms.iter(), session, &said);
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

    fn answered(&self, scope: Scope) {
        self.sharing.providers(scope).for_each(|provider| self.changes.heard_answer(provider));
    }

    fn everything_changed(&self, scope: Scope) {
        for provider in self.sharing.providers(scope) {
            self.changes.everything_changed(provider);
        }
    }
}
