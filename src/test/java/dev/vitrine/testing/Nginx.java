package dev.vitrine.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vitrine.servers.FreePort;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A real nginx before a service, as Debian's package leaves it but for where it listens and where its files are. */
public final class Nginx implements AutoCloseable {
    private final Process process;
    private final int port;

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts one; a test is skipped with a notice where none is installed.
     *
     * @param folder of the test
     * @param upstream the service's URL, without a slash at its end
     * @param prefix a path below which the service is served too, such as {@code /shop}
     */
    public static Nginx before(String upstream, String prefix, Path folder) throws IOException {
        Optional<Path> nginx = Stream.concat(
                        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)),
                        Stream.of("/usr/sbin"))
                .map(entry -> Path.of(entry, "nginx"))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(nginx.isPresent(), "no nginx on the PATH, so nothing is tried behind one");
        Files.createDirectories(folder);
        int port = FreePort.find();
        String user = System.getProperty("user.name").equals("root") ? "user root;" : ""; // who may enter the folder
        Path configuration = Files.writeString(
                folder.resolve("nginx.conf"),
                """
                daemon off;
                %s
                pid nginx.pid;
                events {}
                http {
                    access_log off;
                    client_body_temp_path body;
                    proxy_temp_path proxy;
                    fastcgi_temp_path fastcgi;
                    uwsgi_temp_path uwsgi;
                    scgi_temp_path scgi;
                    server {
                        listen 127.0.0.1:%d;
                        location / {
                            proxy_pass %s;
                        }
                        location %s/ {
                            proxy_pass %s/;
                            proxy_set_header X-Forwarded-Prefix %s;
                        }
                    }
                }
                """
                        .formatted(user, port, upstream, prefix, upstream, prefix));
        Process process = new ProcessBuilder(
                        nginx.get().toString(),
                        "-p",
                        folder.toString(),
                        "-e",
                        folder.resolve("error.log").toString(),
                        "-c",
                        configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.log").toFile())
                .start();
        Awaitility.await("nginx listens")
                .atMost(Duration.ofSeconds(10))
                .ignoreExceptions()
                .until(() -> {
                    new Socket(InetAddress.getLoopbackAddress(), port).close();
                    return true;
                });
        return new Nginx(process, port);
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }
}
