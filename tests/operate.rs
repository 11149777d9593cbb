//! Stopping a bad app, and what operators, owners and developers are told.
