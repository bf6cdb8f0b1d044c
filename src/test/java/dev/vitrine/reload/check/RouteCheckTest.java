package dev.vitrine.reload.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.Settings;
import dev.vitrine.Vitrine;
import dev.vitrine.testing.LogLines;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ShippedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteCheckTest {
    @TempDir
    private Path folder;

    private final Settings settings = Settings.load(RunningVitrine.HOME, Map.of());

    private List<RouteSource> projectsRoutes() throws IOException {
        List<RouteSource> sources = new ArrayList<>();
        for (String folder : List.of("routes", "kamelets")) {
            for (Path file : ShippedFiles.in(folder)) {
                sources.add(RouteSource.read(file));
            }
        }
        return sources;
    }

    /** Checks the project's routes with one more file. */
    private List<Finding> checkWith(String name, String text) throws Exception {
        List<RouteSource> sources = projectsRoutes();
        sources.add(new RouteSource(folder.resolve(name), text));
        return Vitrine.checkRoutes(settings, sources);
    }

    private void assertOne(List<Finding> findings, int line, String message) {
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.message()).contains(message);
            assertThat(finding.line()).isEqualTo(line);
            assertThat(finding.file()).isEqualTo(folder.resolve("x.camel.yaml"));
        });
    }

    /** A good route; the test replaces one piece of it. */
    private static final String GOOD =
            """
            - route:
                id: x
                description: For the test.
                routeConfigurationId: web-errors
                from:
                  id: x-from
                  uri: timer:x
                  parameters:
                    period: "{{vitrine.upkeep.period}}"
                  steps:
                    - setBody:
                        id: x-body
                        expression:
                          simple:
                            expression: ${body} and ${header.a}
                    - filter:
                        id: x-filter
                        expression:
                          simple:
                            expression: ${body} != null
                        steps:
                          - bean:
                              id: x-bean
                              ref: worklist
                              method: load(${variable.jobId})
                    - to:
                        id: x-queue
                        uri: job-queue:{{vitrine.queue.name}}
                        parameters:
                          operation: retry
                          maxAttempts: "3"
                    - doTry:
                        id: x-try
                        steps:
                          - to:
                              id: x-accept
                              uri: direct
                              parameters:
                                name: accept
                        doCatch:
                          - id: x-catch
                            exception:
                              - java.io.IOException
                            steps:
                              - log:
                                  id: x-log
                                  message: ${exception.message}
                    - to:
                        id: x-file
                        uri: file:{{vitrine.spool}}
                        parameters:
                          fileExist: Fail
                          moveExistingFileStrategy: "#json"
            """;

    @Test
    void findsNothingWrongWithTheProjectsRoutes() throws Exception {
        assertThat(Vitrine.checkRoutes(settings, projectsRoutes())).isEmpty();
    }

    @Test
    void findsNothingWrongWithAGoodFile() throws Exception {
        assertThat(checkWith("x.camel.yaml", GOOD.replaceFirst(" *moveExistingFileStrategy.*\n", "")))
                .isEmpty();
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            routeConfigurationId: web-errors | routeConfigurationIdd: web-errors | 4 | "routeConfigurationIdd" is not known in "route"; did you mean "routeConfigurationId"?
            id: x-body             | idd: x-body               | 12 | "idd" is not known in "setBody"; did you mean "id"?
            - filter:              | - fliter:                 | 16 | "fliter" is not known in an entry of "steps"; did you mean "filter"?
            operation: retry       | operaton: retry           | 30 | job-queue has no option "operaton"; did you mean "operation"?
            operation: retry       | operation: retyr          | 30 | did you mean "retry"?
            maxAttempts: "3"       | maxAttempts: three        | 31 | "maxAttempts" of job-queue must be a whole number, not "three"
            fileExist: Fail        | fileExist: Fial           | 52 | did you mean "Fail"?
            timer:x                | timr:x                    | 7  | there is no component "timr"; did you mean "timer"?
            ${body} and            | ${bdy} and                | 15 | Unknown function: bdy
            ${body} != null        | ${body} != 'a             | 20 | is not simple
            ref: worklist          | ref: workilst             | 24 | there is no bean "workilst"; did you mean "worklist"?
            load(${variable.jobId}) | laod(${variable.jobId})  | 25 | the bean "worklist" has no method "laod"; did you mean "load"?
            load(${variable.jobId}) | load(${body}, ${body})   | 25 | takes 1 arguments, not 2
            "{{vitrine.upkeep.period}}" | "{{vitrine.upkep.period}}" | 9 | the property "vitrine.upkep.period" has no value; did you mean "vitrine.upkeep.period"?
            name: accept           | name: acept               | 37 | no route begins at direct:acept; did you mean "accept"?
            routeConfigurationId: web-errors | routeConfigurationId: web-erors | 4 | there is no routeConfiguration "web-erors"; did you mean "web-errors"?
            java.io.IOException    | java.lang.Throwabel       | 43 | there is no exception java.lang.Throwabel; did you mean "java.lang.Throwable"?
            "#json"                | "#jsn"                    | 53 | there is no bean "jsn"; did you mean "json"?
            id: x-body             | id: answer-json           | 12 | the id "answer-json" is already taken at web.camel.yaml:
            id: x-from             | id: x-from: y             | 6  | not YAML
            """)
    void findsAMistakeAtItsLine(String from, String to, int line, String message) throws Exception {
        String good = to.contains("jsn") ? GOOD : GOOD.replaceFirst(" *moveExistingFileStrategy.*\n", "");
        assertThat(good).contains(from);
        assertOne(checkWith("x.camel.yaml", good.replace(from, to)), line, message);
    }

    @Test
    void findsAllMistakesAtOnce() throws Exception {
        String bad = GOOD.replace("worklist", "workilst")
                .replace("timer:x", "timr:x")
                .replace("name: accept", "name: acept")
                .replace("\"#json\"", "\"#jsn\"");
        List<Finding> findings = checkWith("x.camel.yaml", bad);
        assertThat(findings).extracting(Finding::line).containsExactly(7, 24, 37, 53);
        assertThat(findings.get(1).in(folder)).startsWith("x.camel.yaml:24: there is no bean \"workilst\"");
    }

    @Test
    void saysWhereAWronglyIndentedPieceBelongs() throws Exception {
        String outside =
                """
                - route:
                    id: x
                    from:
                      uri: timer:x
                    steps:
                      - log: hello
                """;
        assertThat(checkWith("x.camel.yaml", outside))
                .extracting(Finding::message)
                .anyMatch(message -> message.contains("\"steps\" goes under \"from\""));
        String option =
                GOOD.replaceFirst("( *)uri: direct\n *parameters:\n *name: accept", "$1uri: direct\n$1name: accept");
        assertThat(checkWith("x.camel.yaml", option))
                .extracting(Finding::message)
                .anyMatch(message -> message.contains("options of an endpoint go under \"parameters\""));
    }

    @Test
    void saysWhatToInstallForAComponentThatIsNotThere() throws Exception {
        assertThat(checkWith("x.camel.yaml", GOOD.replace("timer:x", "kafka:x")))
                .extracting(Finding::message)
                .anyMatch(message ->
                        message.equals("the component \"kafka\" is not installed; run: ./vitrine component add kafka"));
    }

    @Test
    void findsTwoRoutesFromOneEndpoint() throws Exception {
        assertOne(
                checkWith(
                        "x.camel.yaml",
                        "- route:\n    id: x\n    from:\n      uri: direct:accept\n      steps:\n        - log: a\n"),
                4,
                "another route already begins at direct:accept");
    }

    @Test
    void checksWhatATemplateIsGiven() throws Exception {
        String template =
                """
                - routeTemplate:
                    id: hourly
                    parameters:
                      - name: what
                      - name: pause
                        defaultValue: "3600000"
                    from:
                      uri: timer:{{what}}
                      parameters:
                        period: "{{pause}}"
                      steps:
                        - log: "{{what}}"
                - templatedRoute:
                    routeId: tick
                    routeTemplateRef: hourly
                    parameters:
                      - name: what
                        value: tick
                """;
        assertThat(checkWith("x.camel.yaml", template)).isEmpty();
        assertOne(
                checkWith("x.camel.yaml", template.replace("Ref: hourly", "Ref: hourl")),
                13,
                "there is no routeTemplate \"hourl\"; did you mean \"hourly\"?");
        assertThat(checkWith(
                        "x.camel.yaml", template.replace("name: what\n        value", "name: waht\n        value")))
                .extracting(Finding::message)
                .anyMatch(message -> message.contains("has no parameter \"waht\"; did you mean \"what\"?"))
                .anyMatch(message -> message.contains("needs the parameter \"what\""));
    }

    @Test
    void saysThatAnEmptyFileIsNoRouteFile() throws Exception {
        assertOne(checkWith("x.camel.yaml", ""), 0, "the file is empty");
        assertOne(checkWith("x.camel.yaml", "route:\n  id: x\n"), 1, "must be a list");
    }

    @Test
    void knowsThePropertiesOfTheConfigurationFile() throws Exception {
        Path home = Files.createDirectories(folder.resolve("home"));
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/application.properties"), "shop.pause=90000\n");
        Settings site = Settings.load(home, Map.of());
        List<RouteSource> sources = new ArrayList<>();
        for (RouteSource source : projectsRoutes()) {
            sources.add(new RouteSource(
                    source.file(), source.text().replace("{{vitrine.upkeep.period}}", "{{shop.pause}}")));
        }
        assertThat(Vitrine.checkRoutes(site, sources)).isEmpty();
        assertThat(Vitrine.checkRoutes(settings, sources)).hasSize(1);
    }

    @Test
    void isAskedWhereTheServiceDoesNotStart() throws Exception {
        RunningVitrine.copyRoutes(folder);
        Path wrong = folder.resolve("routes").resolve("x.camel.yaml");
        Files.writeString(wrong, GOOD.replace("timer:x", "timr:x"));
        try (LogLines log = new LogLines(Vitrine.class)) {
            assertThatThrownBy(() -> RunningVitrine.start(folder, folder.resolve("data"), Map.of())
                            .close())
                    .hasMessage("the routes cannot be started: one problem");
            assertThat(log.messages())
                    .containsExactly(wrong + ":7: there is no component \"timr\"; did you mean \"timer\"?");
        }
    }
}
