/**
 * A new model while the service goes on: two generations of collections, the file that says which one serves, and how the
 * second is filled. What is asked takes the generation that serves once and goes through with it.
 */
package dev.vitrine.reindex;
