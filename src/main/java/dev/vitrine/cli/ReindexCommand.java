package dev.vitrine.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Introduces another model while the service goes on. */
@Command(
        name = "reindex",
        description = {
            "Embeds all pictures with another model while the service goes on, then has that one serve.",
            "Pictures come from VITRINE_ARCHIVE, which keeps them, or from where imports had them. When this command is"
                    + " ended, the service goes on."
        },
        mixinStandardHelpOptions = true)
final class ReindexCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 300;

    @Mixin
    private ClientOptions options;

    /** What is wanted. */
    static final class What {
        @Option(names = "--model", paramLabel = "NAME", description = "the model to introduce")
        private String model;

        @Option(names = "--rollback", description = "go back to the model before, with the uploads made since")
        private boolean rollback;

        @Option(names = "--drop", description = "give up the collection that does not serve")
        private boolean drop;

        @Option(names = "--status", description = "say how far it is")
        private boolean status;
    }

    @ArgGroup(multiplicity = "1")
    private What what;

    @Option(
            names = "--from",
            paramLabel = "WHERE",
            defaultValue = "archive",
            description = "where pictures are: archive, or manifest for where imports had them")
    private String from;

    @Option(names = "--allow-missing", description = "let it serve without the pictures that cannot be embedded")
    private boolean allowMissing;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException, InterruptedException {
        ServiceClient client = options.client();
        String allowing = "allow_missing=" + allowMissing;
        if (what.status) {
            print(checked(client.get("/reindex")));
            return 0;
        }
        if (what.drop) {
            print(checked(client.delete("/reindex")));
            return 0;
        }
        JsonNode status = checked(
                what.rollback
                        ? client.post("/reindex/rollback?" + allowing, Map.of())
                        : client.post(
                                "/reindex?model=" + URLEncoder.encode(what.model, StandardCharsets.UTF_8) + "&from="
                                        + URLEncoder.encode(from, StandardCharsets.UTF_8) + "&" + allowing,
                                Map.of()));
        return follow(client, status);
    }

    private int follow(ServiceClient client, JsonNode first) throws CommandFailedException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        JsonNode status = first;
        String target = status.path("other").path("model").asText();
        String last = "";
        while (status.path("phase").asText().matches("filling|closing")) {
            if (!status.path("problem").isNull()) {
                print(status);
                throw new CommandFailedException(status.path("problem").asText());
            }
            String line = line(status);
            if (!line.equals(last)) {
                out.println(line);
                out.flush();
                last = line;
            }
            Thread.sleep(LOOK_MILLIS);
            status = checked(client.get("/reindex"));
        }
        if (!status.path("serving").path("model").asText().equals(target)) {
            throw new CommandFailedException("The build was given up");
        }
        out.println(target + " serves. " + status.path("other").path("model").asText()
                + " is kept for a way back (--rollback) until it is dropped (--drop).");
        return 0;
    }

    private static String line(JsonNode status) {
        return "%s: %d of %d pictures compared, %d embedded, %d missing"
                .formatted(
                        status.path("phase").asText(),
                        status.path("compared").asLong(),
                        status.path("points").asLong(),
                        status.path("embedded").asLong(),
                        status.path("missing").asLong());
    }

    private void print(JsonNode status) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("serving: " + status.path("serving").path("model").asText());
        if (status.path("other").isNull()) {
            return;
        }
        out.println("other: " + status.path("other").path("model").asText());
        out.println(line(status));
        status.path("missing_examples")
                .forEach(missing -> out.println("missing: product "
                        + missing.path("product_id").asText() + ", picture "
                        + missing.path("image_id").asText() + ": "
                        + missing.path("reason").asText()));
        if (!status.path("problem").isNull()) {
            out.println("problem: " + status.path("problem").asText());
        }
    }

    private static JsonNode checked(ServiceClient.Answer answer) throws CommandFailedException {
        if (!answer.isSuccess()) {
            throw new CommandFailedException(answer.detail());
        }
        return answer.body();
    }
}
