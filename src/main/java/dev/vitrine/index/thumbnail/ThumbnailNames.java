package dev.vitrine.index.thumbnail;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What small pictures are called: {@code PART/NAME.jpg}, made of a hash, as ids may hold what a name may not. */
final class ThumbnailNames {
    static final String SUFFIX = ".jpg";

    private ThumbnailNames() {}

    static String of(Owner owner) {
        try {
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(owner.text().getBytes(StandardCharsets.UTF_8)));
            return hash.substring(0, 2) + "/" + hash.substring(2) + SUFFIX;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** The name of a part. */
    static String part(int shard) {
        return HexFormat.of().toHexDigits((byte) shard);
    }
}
