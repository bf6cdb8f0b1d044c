package dev.vitrine.catalogue;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.github.f4b6a3.uuid.UuidCreator;
import dev.vitrine.catalogue.ImportView.Status;
import dev.vitrine.catalogue.sync.ImageBase;
import dev.vitrine.catalogue.sync.Target;
import dev.vitrine.http.FieldErrors;
import dev.vitrine.http.Multipart;
import dev.vitrine.http.ProblemException;
import dev.vitrine.job.Rfc3339;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Variable;

/** Whole catalogues that clients send or drop, worked on one after the other, and again after a restart. */
public final class Imports implements AutoCloseable {
    private static final String FILE = "catalogue_file";
    private static final String ADVICE = "send the catalogue as a file in catalogue_file, or where it is in url";

    /** A list of imports. */
    public record Listing(@JsonProperty("imports") List<ImportView> imports) {}

    private final ImportFolder imports;
    private final ImportWorker worker;
    private final Multipart multipart;
    private final UnaryOperator<String> allowedUrl;
    private final BiFunction<ProducerTemplate, ImportWorker.Begun, Target> targets;
    private final Clock clock;
    private Thread thread;
    private boolean closed;

    /**
     * @param allowedUrl says why a URL may not be asked; null where it may
     * @param targets the service itself, by how to call routes and the import
     */
    Imports(
            ImportFolder imports,
            ImportWorker worker,
            Multipart multipart,
            UnaryOperator<String> allowedUrl,
            BiFunction<ProducerTemplate, ImportWorker.Begun, Target> targets,
            Clock clock) {
        this.imports = imports;
        this.worker = worker;
        this.multipart = multipart;
        this.allowedUrl = allowedUrl;
        this.targets = targets;
        this.clock = clock;
    }

    /**
     * Takes a request to import: a form with {@code catalogue_file} or {@code url}. Sets the variables {@code status} and
     * {@code location}.
     *
     * @throws ProblemException with all that is wrong
     */
    public ImportView start(Exchange exchange) throws IOException {
        FieldErrors errors = new FieldErrors();
        List<Path> files = multipart.collect(exchange, ImportForm.FIELDS, List.of(FILE), errors);
        ImportForm form = new ImportForm(exchange.getMessage().getHeaders(), errors);
        if (exchange.getMessage().getBody() != null) {
            errors.add("image_file", "is not taken here; " + ADVICE);
        }
        String url = form.text("url");
        if (files.size() + (url == null ? 0 : 1) != 1) {
            errors.add(FILE, files.isEmpty() && url == null ? "is missing; " + ADVICE : "is one too many; " + ADVICE);
        }
        String refusal = url == null ? null : allowedUrl.apply(url);
        if (refusal != null) {
            errors.add(422, "url", refusal);
        }
        String base = form.text("image_base");
        if (base != null && !ImageBase.isUrl(base)) {
            errors.add("image_base", "is no URL");
        }
        String name = form.text("name");
        ImportRequest request = request(
                name != null ? name : url != null ? url.replaceAll("[?#].*", "") : "catalogue",
                url,
                form,
                base,
                exchange.getVariable("collection", String.class));
        errors.check();
        imports.add(request, files.stream().findFirst().map(sent -> file -> Files.move(sent, file)));
        exchange.setVariable("status", 202);
        exchange.setVariable("location", "/imports/" + request.id());
        work(exchange);
        return ImportView.queued(request);
    }

    /**
     * Takes a catalogue that lies in a file, which is copied. The headers {@code import_format}, {@code import_name} and
     * {@code import_delete_missing} say what the form's fields do.
     */
    public ImportView take(Exchange exchange) throws IOException {
        File file = Objects.requireNonNull(exchange.getMessage().getBody(File.class), "the body must be a file");
        FieldErrors errors = new FieldErrors();
        ImportForm form = new ImportForm(
                Map.of(
                        "format", exchange.getMessage().getHeader("import_format", "", String.class),
                        "delete_missing", exchange.getMessage().getHeader("import_delete_missing", "", String.class)),
                errors);
        String name = exchange.getMessage().getHeader("import_name", "", String.class);
        ImportRequest request = request(
                name.isBlank() ? file.getName() : name.strip(),
                null,
                form,
                null,
                exchange.getVariable("collection", String.class));
        errors.check();
        imports.add(request, Optional.of(copy -> Files.copy(file.toPath(), copy)));
        work(exchange);
        return ImportView.queued(request);
    }

    private ImportRequest request(String name, String url, ImportForm form, String base, String collection) {
        return new ImportRequest(
                UuidCreator.getTimeOrderedEpoch().toString(),
                name,
                url,
                form.format(),
                form.map(),
                base,
                collection,
                form.flag("include_hidden"),
                form.flag("dry_run"),
                form.flag("delete_missing"),
                form.flag("confirmed"),
                Rfc3339.format(clock.instant()));
    }

    /** Sees to it that what waits is worked on; returns at once. */
    public synchronized void work(Exchange exchange) {
        if (closed || thread != null && thread.isAlive()) {
            return;
        }
        ProducerTemplate routes = exchange.getContext().createProducerTemplate();
        thread = new Thread(() -> worker.work(begun -> targets.apply(routes, begun)), "imports");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * One import.
     *
     * @param collection whose imports may be seen; null for those of all
     * @throws ProblemException 404 where it is unknown
     */
    public ImportView get(@Header("import_id") String id, @Variable("collection") String collection)
            throws IOException {
        return view(request(id, collection));
    }

    /** All imports that are remembered, the newest first. */
    public Listing list(@Variable("collection") String collection) throws IOException {
        List<ImportView> all = new ArrayList<>();
        List<String> ids = new ArrayList<>(imports.ids());
        Collections.reverse(ids);
        for (String id : ids) {
            Optional<ImportRequest> request = imports.request(id);
            if (request.isPresent() && Objects.equals(request.get().collection(), collection)) {
                all.add(view(request.get()));
            }
        }
        return new Listing(all);
    }

    /** Ends an import; what was sent stays. One that is over stays as it is. */
    public ImportView cancel(@Header("import_id") String id, @Variable("collection") String collection)
            throws IOException {
        ImportRequest request = request(id, collection);
        worker.cancel(request);
        return view(request);
    }

    /** The table of what failed, as the body. */
    public void report(@Header("import_id") String id, @Variable("collection") String collection, Exchange exchange)
            throws IOException {
        Path report = imports.report(request(id, collection).id());
        if (!Files.exists(report)) {
            throw ProblemException.notFound("Nothing has failed in import " + id + ".");
        }
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "text/csv; charset=utf-8");
        exchange.getMessage().setHeader("X-Content-Type-Options", "nosniff");
        exchange.getMessage().setBody(Files.newInputStream(report));
    }

    private ImportRequest request(String id, String collection) throws IOException {
        return imports.request(id)
                .filter(request -> Objects.equals(request.collection(), collection))
                .orElseThrow(() -> ProblemException.notFound("There is no import " + id + "."));
    }

    private ImportView view(ImportRequest request) throws IOException {
        Optional<ImportView> result = imports.result(request.id());
        if (result.isPresent()) {
            return result.get();
        }
        return worker.running(request.id())
                .map(running -> ImportView.of(request, Status.RUNNING, null, running.format(), running.counts(), null))
                .orElseGet(() -> ImportView.queued(request));
    }

    /** Stops; what is not done goes on with the next start. */
    @Override
    public void close() {
        Thread working;
        synchronized (this) {
            closed = true;
            working = thread;
        }
        if (working != null) {
            working.interrupt();
            try {
                working.join(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
