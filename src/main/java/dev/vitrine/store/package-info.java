/**
 * Objects in a bucket of S3, or of a server that speaks its language. Who keeps something there knows {@link
 * dev.vitrine.store.ObjectStore} alone. The client of S3 is no part of the service: {@code ./vitrine component add aws2-s3}
 * brings it, and classes whose names begin with {@code S3} need it.
 */
package dev.vitrine.store;
