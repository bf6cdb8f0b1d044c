package dev.vitrine.image;

/** A thread's working memory, kept from picture to picture while it is small. */
final class Scratch {

    private static final int KEPT = 1 << 22;

    private byte[] bytes = {};
    private int[] ints = {};

    /** At least that many bytes, with any contents. */
    byte[] bytes(long count) {
        if (bytes.length < count) {
            byte[] fresh = new byte[Math.toIntExact(count)];
            if (count > KEPT) {
                return fresh;
            }
            bytes = fresh;
        }
        return bytes;
    }

    /** At least that many ints, with any contents. */
    int[] ints(int count) {
        if (ints.length < count) {
            int[] fresh = new int[count];
            if (count > KEPT / 4) {
                return fresh;
            }
            ints = fresh;
        }
        return ints;
    }
}
