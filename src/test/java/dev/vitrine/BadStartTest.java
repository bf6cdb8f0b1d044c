package dev.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ServiceProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service that cannot start says in one line which setting is wrong and why, and never a password. */
class BadStartTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "VITRINE_REDIS_URL,   http://u:geheim@redis:6379,                               it must be one of",
        "VITRINE_REDIS_URL,   redis://u:geheim@host:x:y,                                write the address of Redis as",
        "VITRINE_QDRANT_URL,  ftp://u:geheim@qdrant:6334,                               it must be one of",
        "VITRINE_QDRANT_URL,  http://u:geheim@qdrant:6334,                              http(s)://host:6334",
        "VITRINE_QDRANT_URL,  http://u:ge%heim geheim@qdrant,                           http(s)://host:6334",
        "VITRINE_HISTORY_URL, jdbc:mysql://db/x?user=u&password=geheim,                 it must be one of",
        "VITRINE_HISTORY_URL, jdbc:postgresql://db:port/x?user=u&password=geheim,       write it as jdbc:postgresql://",
        "VITRINE_HISTORY_URL, jdbc:postgresql://u:geheim@db/x,                          write it as jdbc:postgresql://",
        "VITRINE_HTTP_PORT,   99999,                                                    a whole number from 1 to 65535",
        "VITRINE_MODEL,       no-such-model,                                            There is no model"
    })
    void isRefusedWithTheNameOfTheSetting(String setting, String value, String why) {
        Throwable failure = catchThrowable(() -> RunningVitrine.start(folder.resolve("data"), Map.of(setting, value))
                .close());
        assertThat(failure).hasMessageContaining(setting).hasMessageContaining(why);
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            assertThat(String.valueOf(cause.getMessage())).doesNotContain("geheim");
        }
    }

    @ParameterizedTest
    @CsvSource({"VITRINE_DATA_DIR, file", "VITRINE_DATA_DIR, file/data", "VITRINE_INBOX, file", "VITRINE_INBOX, file/in"
    })
    void namesAFolderThatCannotBeWritten(String setting, String path) throws IOException {
        Files.writeString(folder.resolve("file"), "no folder");
        Path named = folder.resolve(path);
        assertThat(catchThrowable(() -> RunningVitrine.start(folder.resolve("data"), Map.of(setting, named.toString()))
                        .close()))
                .hasMessageStartingWith(setting + " is " + named)
                .hasMessageContaining("name another folder");
    }

    @Test
    void endsWithOneLineAndCode1() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServiceProcess service = new ServiceProcess(
                        RunningVitrine.HOME,
                        RunningVitrine.environment(
                                folder.resolve("data"),
                                Map.of("VITRINE_HTTP_PORT", Integer.toString(other.getLocalPort()))),
                        folder.resolve("log"))) {
            assertThat(service.launch().awaitExit(Duration.ofSeconds(30))).isEqualTo(1);
            assertThat(service.log().strip().lines())
                    .singleElement()
                    .asString()
                    .startsWith("vitrine: ")
                    .contains("VITRINE_HTTP_PORT", Integer.toString(other.getLocalPort()));
        }
    }
}
