package dev.vitrine.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.RouteModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteDiagramTest {
    @TempDir
    private Path folder;

    private String draw(String... files) throws Exception {
        for (int i = 0; i < files.length; i++) {
            Files.writeString(folder.resolve((char) ('a' + i) + ".camel.yaml"), files[i]);
        }
        try (var paths = Files.list(folder);
                CamelContext camel = RouteModel.load(paths.sorted().toList(), Map.of("vitrine.inbox", "/data/inbox"))) {
            return new RouteDiagram(camel).draw(id -> id.equals("second") ? "7 & <more>" : "");
        }
    }

    @Test
    void drawsFilesAsFramesAndWhatRoutesStartFromAndSendTo() throws Exception {
        String chart = draw(
                """
                - route:
                    id: first
                    from:
                      uri: file:{{vitrine.inbox}}
                      parameters:
                        delay: "500"
                      steps:
                        - choice:
                            when:
                              - expression:
                                  simple:
                                    expression: ${body} != null
                                steps:
                                  - to:
                                      uri: direct:second
                            otherwise:
                              steps:
                                - to:
                                    uri: log:odd
                """,
                """
                - route:
                    id: second
                    from:
                      uri: direct
                      parameters:
                        name: second
                      steps:
                        - circuitBreaker:
                            steps:
                              - to:
                                  uri: seda:queue
                            onFallback:
                              steps:
                                - to:
                                    uri: seda:spare
                - route:
                    id: page
                    from:
                      uri: platform-http:/page
                      parameters:
                        httpMethodRestrict: GET
                      steps:
                        - setBody:
                            expression:
                              constant:
                                expression: hello
                """);

        assertThat(chart)
                .isEqualTo(
                        """
                flowchart LR
                  outside1(["file:/data/inbox"])
                  outside2(["log:odd"])
                  outside3(["seda:queue"])
                  outside4(["seda:spare"])
                  outside5(["GET /page"])
                  subgraph file1["a.camel.yaml"]
                    route_first["first"]
                  end
                  subgraph file2["b.camel.yaml"]
                    route_second["second<br/>7 &amp; &lt;more&gt;"]
                    route_page["page"]
                  end
                  outside1 --> route_first
                  route_first --> route_second
                  route_first --> outside2
                  route_second --> outside3
                  route_second --> outside4
                  outside5 --> route_page
                """);
    }

    @Test
    void drawsWhatHappensToFailuresWithDottedArrows() throws Exception {
        String chart = draw(
                """
                - routeConfiguration:
                    id: careful
                    onException:
                      - onException:
                          exception:
                            - java.lang.Throwable
                          steps:
                            - to:
                                uri: log:failed
                """,
                """
                - route:
                    id: careful-one
                    routeConfigurationId: careful
                    from:
                      uri: direct:one
                      steps:
                        - to:
                            uri: log:done
                - route:
                    id: careless
                    from:
                      uri: direct:two
                      steps:
                        - to:
                            uri: log:done
                """);

        assertThat(chart).contains("route_careful_one -.-> outside2").doesNotContain("route_careless -.->");
    }
}
