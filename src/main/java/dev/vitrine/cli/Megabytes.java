package dev.vitrine.cli;

/** Writes byte counts as people read them: decimal, as download sizes usually are. */
final class Megabytes {

    private Megabytes() {}

    static String of(long bytes) {
        return bytes < 1_000_000 ? (bytes + 999) / 1000 + " kB" : (bytes + 500_000) / 1_000_000 + " MB";
    }
}
