package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the guides for integration engineers show works as it is pasted. */
class GuideSnippetsTest {
    @TempDir
    private Path folder;

    private static String snippet(String document, String start) throws Exception {
        Matcher block = Pattern.compile("```\\w+\\n(" + Pattern.quote(start) + ".*?)```", Pattern.DOTALL)
                .matcher(Files.readString(RunningVitrine.HOME.resolve(document)));
        assertThat(block.find()).as(start + " in " + document).isTrue();
        return block.group(1);
    }

    @Test
    void theTestOfARouteCompiles() throws Exception {
        Path source = Files.writeString(
                folder.resolve("ShelfCameraRouteTest.java"), snippet("docs/route-tests.md", "package "));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            messages,
                            files,
                            null,
                            List.of(
                                    "-proc:none",
                                    "-d",
                                    folder.toString(),
                                    "-classpath",
                                    System.getProperty("java.class.path")),
                            null,
                            files.getJavaFileObjects(source.toFile()))
                    .call();
            assertThat(compiled).as(messages.toString()).isTrue();
        }
    }

    @Test
    void thePrintingRouteTakesAPicture() throws Exception {
        Path inbox = Files.createDirectories(folder.resolve("inbox"));
        Files.write(inbox.resolve("lamp.jpg"), Pictures.jpeg(1));
        String source =
                """
                - route:
                    from:
                      uri: file
                      parameters:
                        directoryName: "%s"
                        initialDelay: 0
                      steps:
                        - to: direct:take
                """
                        .formatted(inbox);
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.disableJMX();
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(
                            ResourceHelper.fromString(
                                    "printing.camel.yaml", snippet("docs/integration.md", "# printing.camel.yaml")),
                            ResourceHelper.fromString("my-source.camel.yaml", source));
            camel.start();
            Awaitility.await("the picture is printed and done")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> Files.exists(inbox.resolve(".camel/lamp.jpg")));
        }
    }
}
