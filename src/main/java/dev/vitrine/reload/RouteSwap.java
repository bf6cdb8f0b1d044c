package dev.vitrine.reload;

import dev.vitrine.reload.check.RouteLinks;
import dev.vitrine.reload.check.RouteSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * Exchanges the routes of files in a running Camel context. Everything whose exchanges may run into them is stopped
 * first, so that what is in flight ends in the routes it began in; then the old routes, route configurations, templates
 * and beans go, the new ones come, and what was stopped starts again. Camel's own reloading does none of the waiting,
 * keeps what a file no longer has, and leaves routes with the route configuration they were made with.
 */
public final class RouteSwap {

    /** The routes are too busy to be exchanged now. */
    public static final class BusyException extends Exception {
        private static final long serialVersionUID = 1;

        BusyException(String message) {
            super(message);
        }
    }

    /** The new routes could not be started; the old ones run again. */
    public static final class FailedException extends Exception {
        private static final long serialVersionUID = 1;

        FailedException(Throwable cause) {
            super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
        }
    }

    /** Neither the new routes nor the old ones run; the next exchange tries all of them again. */
    public static final class BrokenException extends Exception {
        private static final long serialVersionUID = 1;

        BrokenException(Throwable cause) {
            super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
        }
    }

    /** Jobs in flight have this long to end; what is left then is handed back to the queue. */
    private static final int STOP_SECONDS = 8;

    private static final Set<String> INSIDE = Set.of("direct", "seda", "kamelet");

    private final CamelContext context;
    private final Model model;
    private final Entrance entrance;
    private final Duration patience;

    /** Files whose routes should run and don't. */
    private final Set<Path> lost = new HashSet<>();

    /** @param patience how long requests may be kept waiting for those before them */
    public RouteSwap(CamelContext context, Entrance entrance, Duration patience) {
        this.context = context;
        this.model = context.getCamelContextExtension().getContextPlugin(Model.class);
        this.entrance = entrance;
        this.patience = patience;
    }

    /**
     * Exchanges what differs, and what is made with it.
     *
     * @param old the files as they run
     * @param next the files as they should run, checked
     * @return the files whose routes were exchanged
     * @throws BusyException when requests did not end in time; nothing has changed
     * @throws FailedException when the new routes cannot be started; the old ones run
     * @throws BrokenException when the old ones cannot be started again either
     */
    public Set<Path> exchange(Map<Path, RouteSource> old, Map<Path, RouteSource> next) throws Exception {
        List<RouteSource> all = new ArrayList<>(old.values());
        all.addAll(next.values());
        RouteLinks links = new RouteLinks(all);
        Set<Path> changed = new LinkedHashSet<>(old.keySet());
        changed.addAll(next.keySet());
        changed.removeIf(file -> Objects.equals(old.get(file), next.get(file)));
        changed.addAll(lost);
        Set<Path> files = links.withUsers(changed);
        Set<Path> callers = links.withCallers(files);

        List<String> requests = new ArrayList<>();
        List<String> sources = new ArrayList<>();
        for (Route route : context.getRoutes()) {
            Path file = file(model.getRouteDefinition(route.getId()));
            String scheme = scheme(route);
            if (file != null
                    && callers.contains(file)
                    && !INSIDE.contains(scheme)
                    && context.getRouteController()
                            .getRouteStatus(route.getId())
                            .isStarted()) {
                (scheme.equals("platform-http") ? requests : sources).add(route.getId());
            }
        }
        List<String> stopped = new ArrayList<>();
        try {
            for (String id : sources) {
                stopped.add(id);
                stop(id);
            }
            if (!requests.isEmpty() && !entrance.hold(patience)) {
                throw new BusyException("requests that take longer than " + patience.toSeconds() + " s are under way");
            }
            for (String id : requests) {
                stopped.add(id);
                stop(id);
            }
            replace(files, links.configurationsAndTemplates(files), links.beans(files), old, next);
        } finally {
            try {
                startAgain(stopped, callers);
            } finally {
                entrance.open();
            }
        }
        return files;
    }

    private void startAgain(List<String> routes, Set<Path> files) throws BrokenException {
        try {
            for (String id : routes) {
                if (context.getRoute(id) != null) {
                    context.getRouteController().startRoute(id);
                }
            }
        } catch (Throwable e) {
            lost.addAll(files);
            throw new BrokenException(e);
        }
    }

    private void replace(
            Set<Path> files,
            Set<String> ids,
            Set<String> beans,
            Map<Path, RouteSource> old,
            Map<Path, RouteSource> next)
            throws Exception {
        try {
            remove(files, ids, beans);
            load(files, next);
            lost.clear();
        } catch (Throwable e) { // an Error as well, or the old routes would be gone
            try {
                remove(files, ids, beans);
                load(files, old);
                lost.clear();
            } catch (Throwable again) {
                e.addSuppressed(again);
                lost.addAll(files);
                throw new BrokenException(e);
            }
            throw new FailedException(e);
        }
    }

    private void load(Set<Path> files, Map<Path, RouteSource> sources) throws Exception {
        List<Resource> resources = new ArrayList<>();
        for (Path file : files) {
            RouteSource source = sources.get(file);
            if (source != null) {
                resources.add(ResourceHelper.fromString("file:" + file, source.text()));
            }
        }
        if (!resources.isEmpty()) {
            PluginHelper.getRoutesLoader(context).loadRoutes(resources);
        }
    }

    private void remove(Set<Path> files, Set<String> ids, Collection<String> beans) throws Exception {
        Set<String> gone = new HashSet<>();
        boolean more = true;
        while (more) {
            more = false;
            for (RouteDefinition route : List.copyOf(model.getRouteDefinitions())) {
                boolean changed = files.contains(file(route));
                if (changed || gone.contains(parent(route)) && kamelets(route).isEmpty()) {
                    stop(route.getId());
                    model.removeRouteDefinition(route);
                    for (Endpoint endpoint : kamelets(route)) {
                        context.removeEndpoint(endpoint);
                    }
                    gone.add(route.getId());
                    more = true; // a Kamelet in it was made as a route of its own
                }
            }
        }
        for (RouteConfigurationDefinition configuration : List.copyOf(model.getRouteConfigurationDefinitions())) {
            if (ids.contains(String.valueOf(configuration.getId()))) {
                model.getRouteConfigurationDefinitions().remove(configuration);
            }
        }
        for (RouteTemplateDefinition template : List.copyOf(model.getRouteTemplateDefinitions())) {
            if (ids.contains(template.getId())) {
                model.removeRouteTemplateDefinition(template);
            }
        }
        beans.forEach(context.getRegistry()::unbind);
    }

    /**
     * The endpoints that send to a route that was made of a Kamelet. Steps with equal parameters share one, and with it the
     * route, whichever of them it was made for.
     */
    private List<Endpoint> kamelets(RouteDefinition route) {
        return context.getEndpoints().stream()
                .filter(endpoint -> endpoint instanceof KameletEndpoint kamelet
                        && !kamelet.getEndpointUri().matches("kamelet:(//)?(source|sink)\\b.*")
                        && kamelet.getRouteId().equals(route.getId()))
                .toList();
    }

    private void stop(String id) throws Exception {
        if (context.getRoute(id) != null) {
            context.getRouteController().stopRoute(id, STOP_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static String scheme(Route route) {
        String uri = route.getEndpoint().getEndpointUri();
        return uri.substring(0, uri.indexOf(':'));
    }

    private static String parent(RouteDefinition route) {
        Object parent = route.getTemplateParameters() == null
                ? null
                : route.getTemplateParameters().get("parentRouteId");
        return parent == null ? "" : parent.toString();
    }

    private static Path file(RouteDefinition route) {
        return route == null ? null : file(route.getResource());
    }

    private static Path file(Resource resource) {
        String location = resource == null ? "" : resource.getLocation();
        return location.startsWith("file:")
                ? Path.of(location.substring("file:".length())).toAbsolutePath().normalize()
                : null;
    }
}
