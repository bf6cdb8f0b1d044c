package dev.vitrine.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** A real Chromium without a window, with a profile of its own, that reaches nothing but this machine. */
public final class Browser implements AutoCloseable {
    private final Process process;
    private final Path profile;

    private Browser(Process process, Path profile) {
        this.process = process;
        this.profile = profile;
    }

    /** Where one is installed. */
    public static Optional<Path> find() {
        return Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> Arrays.stream(
                                System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .map(entry -> Path.of(entry, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Opens a page and leaves it open.
     *
     * @param chromium from {@link #find()}
     * @param folder of the test; gets the profile and the log
     */
    public static Browser open(Path chromium, Path folder, String url) throws IOException {
        Path profile = folder.resolve("profile");
        ProcessBuilder browser = new ProcessBuilder(
                        chromium.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        url)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("browser.log").toFile());
        return new Browser(browser.start(), profile);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        // It keeps its socket elsewhere, as the path of a profile may be too long for one.
        Path link = profile.resolve("SingletonSocket");
        if (Files.isSymbolicLink(link)) {
            Path socket = Files.readSymbolicLink(link);
            Files.delete(link);
            Files.deleteIfExists(socket);
            Files.deleteIfExists(socket.resolveSibling("SingletonCookie"));
            Files.deleteIfExists(socket.getParent());
        }
    }
}
