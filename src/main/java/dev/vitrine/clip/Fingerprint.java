package dev.vitrine.clip;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * Tells whether two vectors were made in the same way, so that comparing them means something.
 *
 * <p>It covers what a picture's vector depends on: the bytes of the image tower, how pixels are prepared, and whether a
 * photo is turned as its EXIF orientation says. It also covers the text tower and its tokenizer where the model has them:
 * another text tower beside the same image tower would search a filled collection with vectors of another space, and
 * find nonsense without a word. It leaves out names and places, so a model may be moved.
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
        append(lines, "image-tower", folder.imageTowerFiles(), hashes);
        append(lines, "text-tower", folder.textTowerFiles(), hashes);
        append(lines, "tokenizer", folder.tokenizer().stream().toList(), hashes);
        lines.append("preprocessing ").append(preprocessing).append('\n');
        lines.append("exif ").append(appliesExif ? "apply" : "ignore").append('\n');
        MessageDigest digest = FileHashes.newDigest();
        return HexFormat.of().formatHex(digest.digest(lines.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static void append(StringBuilder lines, String ingredient, List<Path> files, FileHashes hashes) {
        for (Path file : files) {
            lines.append(ingredient).append(' ').append(hashes.sha256(file)).append('\n');
        }
    }
}
