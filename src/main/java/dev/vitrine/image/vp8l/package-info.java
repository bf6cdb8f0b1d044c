/**
 * Lossless WebP: the bitstream VP8L (RFC 9649, section 3), from bytes to colours. {@link dev.vitrine.image.vp8l.Vp8lDecoder}
 * is the way in. Knows nothing of files, containers or models; memory and work are bounded by the number of pixels and
 * bytes.
 */
package dev.vitrine.image.vp8l;
