/**
 * Lossy WebP: a VP8 key frame (RFC 6386), from bytes to rows of RGB. {@link dev.vitrine.image.vp8.Vp8Decoder} is the way
 * in. Knows nothing of files, containers or models.
 */
package dev.vitrine.image.vp8;
