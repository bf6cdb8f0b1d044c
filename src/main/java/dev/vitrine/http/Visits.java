package dev.vitrine.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.FileUpload;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The requests that are inside a route. One whose client hangs up is not over before its route is, as a thread works for it
 * until then.
 */
final class Visits {

    /** One request inside a route. */
    static final class Visit {
        private final List<FileUpload> files;
        private final Runnable leave;
        private boolean began;
        private boolean gone;

        private Visit(List<FileUpload> files, Runnable leave) {
            this.files = files;
            this.leave = leave;
        }

        /** The files of a field of the request's form, in their order; they are gone when the request is over. */
        List<Path> files(String field) {
            return files.stream()
                    .filter(file -> file.name().equals(field))
                    .map(file -> Path.of(file.uploadedFileName()))
                    .toList();
        }

        /** The route is about to run; false where nobody waits for it any more. */
        synchronized boolean begin() {
            began = !gone;
            return began;
        }

        /** The route has run. */
        void end() {
            leave.run();
        }

        /** @return whether the route will not run */
        private synchronized boolean go() {
            gone = true;
            return !began;
        }
    }

    private final Map<HttpServerRequest, Visit> visits = new ConcurrentHashMap<>();

    /**
     * A request enters.
     *
     * @param leave runs once, when nothing works for it any more
     */
    void enter(RoutingContext context, Runnable leave) {
        HttpServerRequest request = context.request();
        Visit visit = new Visit(List.copyOf(context.fileUploads()), leave);
        visits.put(request, visit);
        context.addEndHandler(end -> {
            visits.remove(request);
            if (visit.go()) {
                leave.run();
            }
        });
    }

    /** The visit of a request; empty where it entered no route, or is gone. */
    Optional<Visit> of(HttpServerRequest request) {
        return Optional.ofNullable(visits.get(request));
    }
}
