/** Uploads that are sent again under the same key: they are one job. */
package dev.vitrine.intake.idempotency;
