package dev.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Nobody but the service writes a line into its log: the shipped configuration escapes what others put in. */
class EscapedLogTest {

    private static String logged(String message, Throwable thrown) throws Exception {
        LoggerContext context = new LoggerContext();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Path.of("src/main/resources/logback.xml").toFile());
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        var console = (ConsoleAppender<ILoggingEvent>) root.getAppender("console");
        try {
            byte[] line = console.getEncoder()
                    .encode(new LoggingEvent(
                            "x", context.getLogger("dev.vitrine.X"), Level.WARN, "{}", thrown, new Object[] {message}));
            return new String(line, StandardCharsets.UTF_8);
        } finally {
            context.stop();
        }
    }

    @Test
    void aMessageIsOneLine() throws Exception {
        String line = logged("x\n17:00:00 INFO  Forged\r\u0085\u2028\u001b[2Jy\u202Ez", null);

        assertThat(line.lines()).hasSize(1);
        assertThat(line)
                .endsWith(
                        "WARN  x\\n17:00:00 INFO  Forged\\r\\u0085\\u2028\\u001b[2Jy\\u202ez" + System.lineSeparator());
    }

    @Test
    void otherTextStaysAsItIs() throws Exception {
        assertThat(logged("Grüße, 東京 \uD83D\uDC57 \\n %m", null)).contains("Grüße, 東京 \uD83D\uDC57 \\n %m");
    }

    @Test
    void theMessagesInAStackTraceAreOnOneLineToo() throws Exception {
        Exception failure = new IllegalStateException("a\n17:00 b", new IllegalArgumentException("c\nd"));
        failure.addSuppressed(new IllegalStateException("e\nf"));

        String lines = logged("failed", failure);

        assertThat(lines).contains("a\\n17:00 b", "Caused by: java.lang.IllegalArgumentException: c\\nd", "e\\nf");
        assertThat(lines.lines().skip(1))
                .allMatch(line -> line.startsWith("java.lang.IllegalStateException: ")
                        || line.startsWith("\t")
                        || line.startsWith("Caused by: "));
    }
}
