package dev.vitrine.image;

import java.util.Optional;

/**
 * What is left of a picture once it is decoded.
 *
 * @param pixels as the model sees it, before its numbers are normalised
 * @param thumbnail a small JPEG of all of it, for people; empty where none was asked for
 */
public record ShrunkPicture(Pixels pixels, Optional<byte[]> thumbnail) {}
