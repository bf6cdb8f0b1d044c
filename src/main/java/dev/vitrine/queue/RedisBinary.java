package dev.vitrine.queue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/** The Redis server in the jar {@code org.signal:embedded-redis}, for this machine's system and processor. */
final class RedisBinary {

    private static final String VERSION = "7.0.15";

    private RedisBinary() {}

    /**
     * Puts the server into the folder unless it is there.
     *
     * @return the executable
     * @throws IllegalStateException when there is none for this machine
     */
    static Path extractInto(Path folder) throws IOException {
        String name = name();
        URL packed = RedisBinary.class.getClassLoader().getResource(name);
        if (packed == null) {
            throw new IllegalStateException("No embedded Redis for " + System.getProperty("os.name") + " on "
                    + System.getProperty("os.arch") + ": set VITRINE_REDIS_URL to a Redis of your own, 6.2 or newer");
        }
        Path executable = folder.resolve(name);
        if (!Files.isExecutable(executable)) {
            Path partial = Files.createTempFile(folder, name, ".partial");
            try (InputStream in = packed.openStream()) {
                Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
                if (!partial.toFile().setExecutable(true, true)) {
                    throw new IOException("Cannot make " + partial + " executable");
                }
                Files.move(partial, executable, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(partial);
            }
        }
        return executable;
    }

    /** Whether there is a server for this machine. */
    static boolean isKnownHere() {
        return RedisBinary.class.getClassLoader().getResource(name()) != null;
    }

    private static String name() {
        return "redis-server-" + VERSION + "-" + platform();
    }

    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch =
                switch (System.getProperty("os.arch")) {
                    case "amd64", "x86_64" -> "amd64";
                    case "aarch64", "arm64" -> "arm64";
                    case "i386", "x86" -> "386";
                    default -> System.getProperty("os.arch");
                };
        return (os.startsWith("mac") ? "darwin" : os) + "-" + arch;
    }
}
