package dev.vitrine.clip;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Tells whether two vectors of pictures were made in the same way, so that comparing them means something.
 *
 * <p>It covers what a picture's vector depends on: the bytes of the image tower, how pixels are prepared, and whether a
 * photo is turned as its EXIF orientation says. It leaves out names and places, so a model may be moved, and the text
 * tower, which no stored vector came from: adding one later must not ask for all pictures again.
 */
public final class Fingerprint {

    private Fingerprint() {}

    /**
     * Computes the fingerprint: SHA-256 over one line for each ingredient.
     *
     * @param preprocessing the preprocessing settings in a canonical form: equal settings give equal text
     * @param appliesExif whether pictures are turned as their EXIF orientation says
     * @return 64 lower-case hex digits
     */
    public static String of(ModelFolder folder, String preprocessing, boolean appliesExif, FileHashes hashes) {
        StringBuilder lines = new StringBuilder();
        for (Path file : folder.imageTowerFiles()) {
            lines.append("image-tower ").append(hashes.sha256(file)).append('\n');
        }
        lines.append("preprocessing ").append(preprocessing).append('\n');
        lines.append("exif ").append(appliesExif ? "apply" : "ignore").append('\n');
        MessageDigest digest = FileHashes.newDigest();
        return HexFormat.of().formatHex(digest.digest(lines.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
