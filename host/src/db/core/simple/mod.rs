//! Simple documents: those that are listed, read, created, changed and deleted whole. What is declared with
//! [`simple!`] gets its permits' methods here, and from there its host calls and its routes.
//!
//! INVARIANT: whatever is created or changed here went through [`Checked::check`]. An undo puts back, field by field,
//! what did so once.

mod filter;

pub(in crate::db) use filter::{Asked, Condition, Field, search};
pub use filter::{Filters, Value};

use super::drafts::draft::{Draft, Edit};
use super::drafts::opens::{Deletes, Reads, Writes};
use super::engine::conn::Val;
use super::error::Result;
use super::keys::taken;
use super::kinds::{Document, derived, to_json};
use super::page::Items;
use crate::authz::{Grants, Permit, record_id};
use serde::{Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

/// A scope that shows one kind of simple document.
pub trait ViewOf: Grants {
    /// What it shows.
    type Document: Simple<View = Self>;
}

/// A scope that creates and changes one kind of simple document.
pub trait EditOf: Grants {
    /// What it changes.
    type Document: Checked + Simple<Edit = Self>;
}

/// A scope that deletes one kind of simple document.
pub trait DeleteOf: Grants {
    /// What it deletes.
    type Document: Checked + Simple<Delete = Self>;
}

/// A document that is listed, read, created, changed and deleted whole. Implemented by [`simple!`].
pub trait Simple: Document + ToSchema + 'static {
    /// The scope that shows it.
    type View: ViewOf<Document = Self>;
    /// The scope that creates and changes it.
    type Edit: EditOf<Document = Self>;
    /// The scope that deletes it.
    type Delete: DeleteOf<Document = Self>;
    /// All of it that can be chosen.
    type Input: Serialize + DeserializeOwned + ToSchema + Send + 'static;
    /// Which of them, as asked for in a list.
    type Filters: Filters<Self> + DeserializeOwned + utoipa::IntoParams + Send + Sync + 'static;

    /// A new one. The moment is RFC 3339.
    fn made(id: String, at: String, input: Self::Input) -> Self;

    /// Replaces what can be chosen.
    fn fill(&mut self, input: Self::Input);

    /// When it was changed last, RFC 3339.
    fn set_updated_at(&mut self, at: String);
}

/// What is said of a simple document by hand.
pub trait Checked: Simple {
    /// Checks what was chosen for the document `id`, and brings it into the shape it is stored in. Whoever sent it
    /// controls every field. `before` is the document as it is, unless it is a new one.
    ///
    /// # Errors
    /// [`Error::Invalid`](super::error::Error::Invalid) and others say which field is wrong, and what would help.
    fn check(
        input: Self::Input,
        permit: &Permit<Self::Edit>,
        draft: &mut Draft,
        id: &str,
        before: Option<&Self>,
    ) -> impl Future<Output = Result<Self::Input>> + Send;

    /// Checks that a document may go. Nothing stands in its way, unless it says so.
    ///
    /// # Errors
    /// [`Error::Invalid`](super::error::Error::Invalid) says what must be done first.
    fn check_delete(
        &self,
        _permit: &Permit<Self::Delete>,
        _draft: &mut Draft,
        _id: &str,
    ) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }
}

impl<S: ViewOf + Reads<S::Document>> Permit<S> {
    /// One of them.
    pub async fn get(&self, draft: &mut Draft, id: &str) -> Result<S::Document> {
        draft.get(self, id).await
    }

    /// A part of those that pass the filters, oldest first.
    pub async fn search(
        &self,
        draft: &mut Draft,
        filters: &<S::Document as Simple>::Filters,
    ) -> Result<Items<S::Document>> {
        let values: Vec<Val<'_>> = filters.values().into_iter().map(Val::from).collect();
        draft.search(self, filters.sql(), &values, &filters.page(), |document| filters.fit(document)).await
    }
}

impl<S: EditOf + Reads<S::Document> + Writes<S::Document>> Permit<S> {
    /// Creates one and returns its id.
    pub async fn create(&self, draft: &mut Draft, input: <S::Document as Simple>::Input) -> Result<String> {
        let id = record_id(S::Document::KIND.prefix());
        draft.accept(self)?;
        let input = S::Document::check(input, self, draft, &id, None).await?;
        let document = S::Document::made(id.clone(), draft.at(), input);
        draft.check_keys(&document, &id).await?;
        draft.spend_one(self).await?;
        draft.insert(self, &id, &document)?;
        draft.tell::<S::Document>(0, &id);
        Ok(id)
    }

    /// Replaces what can be chosen. Choosing what is chosen already changes nothing.
    pub async fn update(&self, draft: &mut Draft, id: &str, input: <S::Document as Simple>::Input) -> Result<()> {
        let mut edit: Edit<S::Document> = draft.edit(self, id).await?;
        let input = S::Document::check(input, self, draft, id, Some(&edit.doc)).await?;
        edit.doc.fill(input);
        if draft.says_the_same(&edit)? {
            return Ok(());
        }
        draft.check_keys(&edit.doc, id).await?;
        draft.spend_one(self).await?;
        edit.doc.set_updated_at(draft.at());
        draft.put(self, &edit)?;
        draft.tell::<S::Document>(1, id);
        Ok(())
    }
}

impl<S: DeleteOf + Deletes<S::Document>> Permit<S> {
    /// Deletes one.
    pub async fn delete(&self, draft: &mut Draft, id: &str) -> Result<()> {
        let edit: Edit<S::Document> = draft.edit_to_delete(self, id).await?;
        edit.doc.check_delete(self, draft, id).await?;
        draft.spend_one(self).await?;
        // What was made in this draft was never there for anybody.
        let seen = !edit.is_new();
        draft.remove(self, edit)?;
        if seen {
            draft.tell::<S::Document>(2, id);
        }
        Ok(())
    }
}

impl Draft {
    /// Refuses a document that says what must be unique and is another's.
    async fn check_keys<D: Document>(&self, document: &D, id: &str) -> Result<()> {
        for (space, value) in derived(D::KIND, Some(&to_json(document)?))?.keys {
            if self.by_key(space, &value).await?.is_some_and(|other| other != id) {
                return Err(taken(space, &value));
            }
        }
        Ok(())
    }

    /// Stages the event that the table of kinds has for what was done: 0 created, 1 changed, 2 deleted.
    fn tell<D: Document>(&mut self, done: usize, id: &str) {
        if let Some(topic) = D::KIND.row().events.get(done).copied().flatten() {
            self.emit(topic, id);
        }
    }
}

/// Declares a simple document: the document itself, with an id and two moments around what can be chosen; what is sent
/// to create or change it; what of it others decide, if anything (`state`); and the filters of its list. By hand it needs [`Checked::check`] and its row in the table
/// of kinds.
macro_rules! simple {
    (
        $(#[$doc:meta])*
        document $document:ident: $kind:ident, view $view:ident, edit $edit:ident, delete $delete:ident;
        $(#[$input_doc:meta])*
        input $input:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty,)* }
        $(state { $($(#[$state_doc:meta])* $state:ident: $state_ty:ty = $first:expr,)* })?
        $(#[$filters_doc:meta])*
        filters $filters:ident { $($(#[$by_doc:meta])* $by:ident: $by_ty:ty,)* }
    ) => {
        #[derive(Debug, Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        $(#[$doc])*
        pub struct $document {
            /// Its id.
            pub id: String,
            $($(#[$field_doc])* pub $field: $ty,)*
            $($($(#[$state_doc])* pub $state: $state_ty,)*)?
            /// RFC 3339.
            pub created_at: String,
            /// RFC 3339.
            pub updated_at: String,
        }

        #[derive(Debug, Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        $(#[$input_doc])*
        pub struct $input {
            $($(#[$field_doc])* pub $field: $ty,)*
        }

        #[derive(Debug, Clone, Default, serde::Deserialize, utoipa::IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        $(#[$filters_doc])*
        pub struct $filters {
            $($(#[$by_doc])* pub $by: Option<$by_ty>,)*
            /// 1 to 100; 50 if not given.
            pub limit: Option<u32>,
            /// `next_cursor` of the part before.
            pub cursor: Option<String>,
        }

        impl $crate::db::core::kinds::Document for $document {
            const KIND: $crate::db::core::kinds::Kind = $crate::db::core::kinds::Kind::$kind;
        }

        impl $crate::db::core::simple::Simple for $document {
            type View = $crate::authz::scope::kind::$view;
            type Edit = $crate::authz::scope::kind::$edit;
            type Delete = $crate::authz::scope::kind::$delete;
            type Input = $input;
            type Filters = $filters;
            fn made(id: String, at: String, input: $input) -> Self {
                let $input { $($field,)* } = input;
                Self { id, $($field,)* $($($state: $first,)*)? created_at: at.clone(), updated_at: at }
            }
            fn fill(&mut self, input: $input) {
                $(self.$field = input.$field;)*
            }
            fn set_updated_at(&mut self, at: String) {
                self.updated_at = at;
            }
        }

        $crate::db::core::drafts::opens::opens! {
            $view reads $document;
            $edit reads $document writes $document;
            $delete deletes $document;
        }

        impl $crate::db::core::simple::ViewOf for $crate::authz::scope::kind::$view {
            type Document = $document;
        }
        impl $crate::db::core::simple::EditOf for $crate::authz::scope::kind::$edit {
            type Document = $document;
        }
        impl $crate::db::core::simple::DeleteOf for $crate::authz::scope::kind::$delete {
            type Document = $document;
        }

        impl $crate::db::core::simple::Filters<$document> for $filters {
            fn sql(&self) -> &'static str {
                static SQL: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
                    #[allow(unused_imports, reason = "a list may have no filters")]
                    use $crate::db::core::simple::{Asked, Condition};
                    let conditions: &[(&str, Condition)] = &[$((stringify!($by), <$by_ty as Asked>::CONDITION),)*];
                    $crate::db::core::simple::search($crate::db::core::kinds::Kind::$kind, conditions)
                });
                &SQL
            }
            fn values(&self) -> Vec<$crate::db::core::simple::Value<'_>> {
                vec![$($crate::db::core::simple::Asked::value(self.$by.as_ref()),)*]
            }
            #[allow(unused_imports, unused_variables, reason = "a list may have no filters")]
            fn fit(&self, document: &$document) -> bool {
                use $crate::db::core::simple::Field;
                true $(&& self.$by.as_ref().is_none_or(|asked| Field::is(&document.$by, asked)))*
            }
            fn page(&self) -> $crate::db::core::page::Page {
                $crate::db::core::page::Page { limit: self.limit, cursor: self.cursor.clone() }
            }
        }
    };
}
pub(in crate::db) use simple;
