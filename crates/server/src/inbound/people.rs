use pregon_domain::directory::Person;
use pregon_model::ChannelAccount;

use super::Event;
use crate::teams::lower;

impl Event<'_> {
    /// The person who acted, with what the activity tells of their client.
    ///
    /// In a personal chat that names only the bot as its author, the person among the members.
    pub(crate) fn person(&self) -> Option<Person> {
        let author = self.activity.from.as_ref().filter(|account| self.is_person(account));
        let account = author.or_else(|| self.activity.members_added.iter().find(|account| self.is_person(account)))?;
        let own = |text: Option<&str>| text.filter(|text| author.is_some() && text.len() <= 64).map(str::to_owned);
        Some(Person { locale: own(self.locale()), timezone: own(self.timezone()), ..person(account) })
    }

    /// The people among some accounts.
    pub(crate) fn people(&self, accounts: &[ChannelAccount]) -> Vec<Person> {
        accounts.iter().filter(|account| self.is_person(account)).map(person).collect()
    }

    /// Bots have ids that begin with `28:`; this one's own is known.
    pub(crate) fn is_person(&self, account: &ChannelAccount) -> bool {
        !account.id.as_str().is_empty() && !account.id.is_bot() && !self.is_bot(account)
    }
}

fn person(account: &ChannelAccount) -> Person {
    Person {
        member_id: Some(account.id.clone()),
        object_id: account.aad_object_id.as_ref().map(lower),
        name: account.name.clone().filter(|name| !name.is_empty()),
        ..Person::default()
    }
}
