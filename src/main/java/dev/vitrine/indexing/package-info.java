/**
 * What the worker's routes call: load what is owed, embed, upsert, and keep deletions. It takes jobs as they were
 * accepted and checks nothing again.
 */
package dev.vitrine.indexing;
