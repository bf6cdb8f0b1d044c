/**
 * The drop folder: which files are taken from it and when, and where they end. Its rules, for those who drop pictures, are
 * in docs/drop-folder.md. Only {@code Inbox} knows Camel.
 */
package dev.vitrine.intake.drop;
