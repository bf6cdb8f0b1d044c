package dev.vitrine.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** routes/examples/sftp-drop.camel.yaml against Apache MINA's SFTP server. */
class SftpDropTest {
    private static final String PASSWORD = "a+b&c=d%20?";

    @TempDir
    private Path folder;

    private Path files;
    private SshServer server;
    private Site site;

    @BeforeEach
    void startServer() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair key = generator.generateKeyPair();
        files = Files.createDirectories(folder.resolve("server/pictures"));
        server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(key));
        server.setPasswordAuthenticator(
                (user, password, session) -> user.equals("supplier") && password.equals(PASSWORD));
        server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
        server.setFileSystemFactory(new VirtualFileSystemFactory(folder.resolve("server")));
        server.start();
        Path known = Files.writeString(
                folder.resolve("known_hosts"),
                "[127.0.0.1]:" + server.getPort() + " " + PublicKeyEntry.toString(key.getPublic()) + "\n");
        site = new Site(folder)
                .example("sftp-drop")
                .property("shop.sftp.host", "127.0.0.1")
                .property("shop.sftp.port", server.getPort())
                .property("shop.sftp.folder", "pictures")
                .property("shop.sftp.username", "supplier")
                .property("shop.sftp.password", PASSWORD)
                .property("shop.sftp.known-hosts", known)
                .property("shop.sftp.delay", 200);
    }

    @AfterEach
    void stopServer() throws IOException {
        server.stop(true);
    }

    private void awaitFile(String path) {
        await(path).atMost(Duration.ofSeconds(20)).until(() -> Files.exists(files.resolve(path)));
    }

    @Test
    void takesPicturesAndMovesBadOnesAside() throws IOException {
        Files.write(files.resolve("mug-1.jpg"), Pictures.jpeg(1));
        Files.writeString(files.resolve("mug-2.JPG"), "not a picture");
        Files.write(files.resolve("no product id .jpg"), Pictures.jpeg(2));
        Files.writeString(files.resolve("readme.txt"), "not for us");
        try (RunningVitrine service = site.start()) {
            awaitFile("done/mug-1.jpg");
            awaitFile("refused/mug-2.JPG");
            awaitFile("refused/no product id .jpg");
            await().until(() -> Site.jobs(service).equals(List.of("mug-1 completed")));

            Files.write(files.resolve("mug-1.jpg"), Pictures.jpeg(3));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> Site.jobs(service).equals(List.of("mug-1 completed", "mug-1 completed")));

            assertThat(files.resolve("readme.txt")).exists();
            assertThat(service.keptFiles()).isEmpty();
        }
    }

    @Test
    void leavesFilesWhereTheyAreWhileNothingCanBeTaken() throws IOException {
        Files.write(files.resolve("mug-1.jpg"), Pictures.jpeg(1));
        try (RunningVitrine service =
                site.environment("VITRINE_MIN_FREE", "900000000GB").start()) {
            await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
            assertThat(files.resolve("mug-1.jpg")).exists();
            assertThat(service.keptFiles()).isEmpty();
        }
        try (RunningVitrine service =
                site.environment("VITRINE_MIN_FREE", "1MB").start()) {
            awaitFile("done/mug-1.jpg");
            await().until(() -> Site.jobs(service).equals(List.of("mug-1 completed")));
        }
    }
}
