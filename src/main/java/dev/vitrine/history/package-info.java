/**
 * What became of every job, for longer than the queue remembers: ends of attempts go into files of an outbox, from there
 * through {@code routes/history.camel.yaml} into a database, and {@code GET /jobs} reads that where Redis has forgotten.
 * Nothing here holds a job up, and no fault of the database is a fault of the service.
 */
package dev.vitrine.history;
