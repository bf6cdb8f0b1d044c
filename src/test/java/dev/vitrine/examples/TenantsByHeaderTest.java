package dev.vitrine.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.cli.MultipartBody;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.QdrantServer;
import dev.vitrine.testing.RunningVitrine;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** routes/examples/tenants-by-header.camel.yaml keeps tenants apart, in Lucene and in Qdrant. */
class TenantsByHeaderTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private static HttpResponse<String> send(RunningVitrine service, String tenant, HttpRequest.Builder request)
            throws Exception {
        if (tenant != null) {
            request.header("X-Tenant", tenant);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(RunningVitrine service, String path) {
        return HttpRequest.newBuilder(URI.create(service.settings().http().url() + "/tenant" + path));
    }

    private static HttpResponse<String> upload(RunningVitrine service, String tenant, String product, byte[] picture)
            throws Exception {
        MultipartBody form = new MultipartBody()
                .field("product_id", product)
                .field("name", tenant + "'s")
                .file("image_file", "p.jpg", picture);
        return send(
                service,
                tenant,
                request(service, "/index-product-with-image")
                        .header("Content-Type", form.contentType())
                        .POST(form.publisher()));
    }

    /** Names of the products found, best first. */
    private static List<String> names(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        List<String> names = new ArrayList<>();
        for (JsonNode result : JSON.readTree(answer.body()).path("results")) {
            names.add(result.path("name").asText());
        }
        return names;
    }

    private static List<String> search(RunningVitrine service, String tenant) throws Exception {
        return names(send(
                service,
                tenant,
                request(service, "/search")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"text\":\"mug\"}"))));
    }

    private void keepsTenantsApart(Site site, String red, String blue) throws Exception {
        site.example("tenants-by-header").environment("VITRINE_COLLECTIONS", red + "," + blue);
        try (RunningVitrine service = site.start()) {
            for (String tenant : List.of(red, blue)) {
                HttpResponse<String> answer = upload(service, tenant, "mug-1", Pictures.jpeg(1));
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
                String job = JSON.readTree(answer.body()).path("job_id").asText();
                assertThat(answer.headers().firstValue("Location")).hasValue("/tenant/jobs/" + job);
                service.awaitStatus(job, "completed");
                String other = tenant.equals(red) ? blue : red;
                assertThat(send(service, tenant, request(service, "/jobs/" + job))
                                .body())
                        .contains("completed");
                assertThat(send(service, other, request(service, "/jobs/" + job))
                                .statusCode())
                        .as("another tenant's job")
                        .isEqualTo(404);
                assertThat(send(service, null, request(service, "/jobs/" + job)).statusCode())
                        .isEqualTo(422);
                assertThat(send(service, tenant, request(service, "/products/mug-1"))
                                .body())
                        .contains(tenant + "'s");
                assertThat(service.api().get("/jobs/" + job).text("collection")).isEqualTo(tenant);
            }
            String main = service.api().upload("mug-1", Pictures.jpeg(1)).text("job_id");
            service.awaitStatus(main, "completed");
            assertThat(service.api().get("/jobs/" + main).body().has("collection"))
                    .isFalse();

            assertThat(search(service, red)).containsExactly(red + "'s");
            assertThat(search(service, blue)).containsExactly(blue + "'s");
            assertThat(names(service.api()
                            .postJson("/search", "{\"text\":\"mug\"}")
                            .response()))
                    .containsExactly("Product mug-1");

            assertThat(send(service, red, request(service, "/products/mug-1").DELETE())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(search(service, red)).isEmpty();
            assertThat(search(service, blue)).containsExactly(blue + "'s");

            assertThat(upload(service, "stranger", "mug-2", Pictures.jpeg(2)).statusCode())
                    .isEqualTo(404);
            assertThat(upload(service, "../index", "mug-2", Pictures.jpeg(2)).statusCode())
                    .isEqualTo(404);
            assertThat(upload(service, null, "mug-2", Pictures.jpeg(2)).statusCode())
                    .isEqualTo(422);
            for (String tenant : List.of("null", "'" + blue + "'", "true")) {
                assertThat(send(service, tenant, request(service, "/products/mug-1"))
                                .statusCode())
                        .isEqualTo(404);
                assertThat(upload(service, tenant, "mug-2", Pictures.jpeg(2)).statusCode())
                        .isEqualTo(404);
                assertThat(send(
                                        service,
                                        tenant,
                                        request(service, "/products/mug-1").DELETE())
                                .statusCode())
                        .isEqualTo(404);
            }
            assertThat(send(
                                    service,
                                    null,
                                    request(service, "/products/mug-1?X-Tenant=" + blue)
                                            .DELETE())
                            .statusCode())
                    .as("a query parameter is no header")
                    .isEqualTo(400);
            assertThat(search(service, blue)).containsExactly(blue + "'s");
            await().until(() -> service.keptFiles().isEmpty());
        }
        try (RunningVitrine service = site.start()) {
            assertThat(search(service, blue)).containsExactly(blue + "'s");
        }
    }

    @Test
    void keepsTenantsApartInLucene() throws Exception {
        keepsTenantsApart(new Site(folder), "red", "blue");
        assertThat(RunningVitrine.names(folder.resolve("home/data/collections")))
                .containsExactly("blue", "red");
    }

    @Test
    void keepsTenantsApartInQdrant() throws Exception {
        String name = UUID.randomUUID().toString();
        keepsTenantsApart(
                new Site(folder)
                        .environment("VITRINE_QDRANT_URL", QdrantServer.shared().grpcUrl())
                        .environment("VITRINE_COLLECTION", name),
                name + "-red",
                name + "-blue");
    }

    @Test
    void needsNoListWhereNoTenantIsUsed() throws Exception {
        try (RunningVitrine service = new Site(folder).start()) {
            assertThat(service.api()
                            .offContract()
                            .upload(Map.of("product_id", "a", "name", "A", "collection", "other"), Pictures.jpeg(1))
                            .status())
                    .isEqualTo(400); // no client chooses a collection by a field
            service.awaitStatus(service.api().upload("a", Pictures.jpeg(1)).text("job_id"), "completed");
            assertThat(Files.exists(folder.resolve("home/data/collections"))).isFalse();
        }
    }
}
