package dev.vitrine.index;

/**
 * What makes vectors comparable. An index remembers the space that filled it.
 *
 * @param model name of the model, for people
 * @param fingerprint SHA-256 (hex) over model files, preprocessing settings and EXIF choice
 * @param dimensions length of a vector
 */
public record VectorSpace(String model, String fingerprint, int dimensions) {}
