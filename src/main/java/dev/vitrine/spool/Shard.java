package dev.vitrine.spool;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * Which of the 256 parts of a spool a job is in: the lowest byte of the CRC-32 of its id, in hex. Ids begin with the time,
 * so they themselves would put all of an hour into one part, where an object store is slow and a folder long.
 */
final class Shard {
    static final int COUNT = 256;

    private Shard() {}

    static String of(String jobId) {
        CRC32 crc = new CRC32();
        crc.update(jobId.getBytes(StandardCharsets.UTF_8));
        return name((int) crc.getValue() & (COUNT - 1));
    }

    /** @param number 0 to {@value #COUNT} − 1 */
    static String name(int number) {
        return HexFormat.of().toHexDigits((byte) number);
    }
}
