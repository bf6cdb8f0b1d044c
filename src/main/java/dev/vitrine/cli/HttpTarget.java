package dev.vitrine.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.catalogue.sync.Target;
import dev.vitrine.catalogue.sync.Wanted;
import dev.vitrine.job.Rfc3339;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** A service that is reached over HTTP. */
final class HttpTarget implements Target {
    private static final long USUAL_PAUSE_SECONDS = 1;

    private final ServiceClient client;
    private final ObjectMapper json = new ObjectMapper();

    HttpTarget(ServiceClient client) {
        this.client = client;
    }

    @FunctionalInterface
    private interface Request {
        ServiceClient.Answer send() throws CommandFailedException;
    }

    @Override
    public String id() {
        return client.url();
    }

    @Override
    public Sent send(Wanted wanted, Path picture, String once) throws IOException, InterruptedException {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("product_id", wanted.productId());
        fields.put("image_id", wanted.imageId());
        fields.put("name", wanted.name());
        if (!wanted.metadata().isEmpty()) {
            fields.put("metadata", text(wanted.metadata()));
        }
        ServiceClient.Answer answer = answered(() -> client.upload(picture, fields, once));
        if (answer.isSuccess()) {
            return new Sent(answer.body().path("job_id").asText(), answer.status() == 200);
        }
        throw refused(answer);
    }

    @Override
    public Change change(Wanted wanted) throws IOException, InterruptedException {
        ServiceClient.Answer answer = answered(() -> client.patch(
                path(wanted.productId(), wanted.imageId()),
                Map.of("name", wanted.name(), "metadata", wanted.metadata())));
        if (answer.isSuccess()) {
            return Change.DONE;
        }
        if (answer.status() == 404 || answer.status() == 405) {
            return Change.MISSING;
        }
        throw refused(answer);
    }

    @Override
    public Map<String, JobEnd> ends(Collection<String> jobIds) throws IOException, InterruptedException {
        ServiceClient.Answer answer = answered(() -> client.get("/jobs?ids=" + String.join(",", jobIds)));
        if (!answer.isSuccess()) {
            throw new IOException(answer.detail());
        }
        Map<String, JobEnd> ends = new HashMap<>();
        for (JsonNode job : answer.body().path("jobs")) {
            End end =
                    switch (job.path("status").asText()) {
                        case "completed" -> End.COMPLETED;
                        case "failed" -> End.FAILED;
                        default -> End.WAITING;
                    };
            ends.put(
                    job.path("job_id").asText(),
                    new JobEnd(end, job.path("error").asText(""), version(job.path("created_at"))));
        }
        return ends;
    }

    private static long version(JsonNode createdAt) {
        return createdAt.isTextual() ? Rfc3339.millis(createdAt.asText()) : 0;
    }

    @Override
    public void delete(String productId, String imageId) throws IOException, InterruptedException {
        ServiceClient.Answer answer = answered(() -> client.delete(path(productId, imageId)));
        if (!answer.isSuccess() && answer.status() != 404) {
            throw refused(answer);
        }
    }

    private static String path(String productId, String imageId) {
        return "/products/" + PathSegment.encode(productId) + "/images/" + PathSegment.encode(imageId);
    }

    /** An answer that says something, be it that the request is refused. */
    private static ServiceClient.Answer answered(Request request) throws IOException, InterruptedException {
        ServiceClient.Answer answer;
        try {
            answer = request.send();
        } catch (CommandFailedException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw new IOException(e.getMessage(), e);
        }
        if (answer.status() == 429 || answer.status() == 409 || answer.status() >= 500) {
            throw new TryLaterException(answer.detail(), pause(answer));
        }
        return answer;
    }

    private static long pause(ServiceClient.Answer answer) {
        try {
            return Long.parseLong(answer.headers().firstValue("Retry-After").orElse(""));
        } catch (NumberFormatException e) {
            return USUAL_PAUSE_SECONDS;
        }
    }

    private static RefusedException refused(ServiceClient.Answer answer) {
        JsonNode first = answer.body().path("errors").path(0);
        String field = first.path("field").asText("");
        return new RefusedException(field.equals("image_file") ? "image" : field, answer.detail());
    }

    private String text(Map<String, Object> metadata) throws IOException {
        try {
            return json.writeValueAsString(metadata);
        } catch (JsonProcessingException e) {
            throw new IOException("The metadata cannot be written: " + e.getOriginalMessage(), e);
        }
    }
}
