package dev.vitrine.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which methods a path takes, from the routes that there are. */
final class Methods {
    private static final Pattern PARAMETER = Pattern.compile(":[A-Za-z0-9_]+");

    private final Router router;

    Methods(Router router) {
        this.router = router;
    }

    /**
     * The methods of a path: those of its routes, HEAD where there is GET, and OPTIONS.
     *
     * @return empty where there is nothing at this path
     */
    Set<String> of(String path) {
        Set<String> methods = new TreeSet<>();
        for (Route route : router.getRoutes()) {
            if (route.getPath() != null && matches(route, path)) {
                if (route.methods() == null) {
                    HttpMethod.values().forEach(method -> methods.add(method.name()));
                } else {
                    route.methods().forEach(method -> methods.add(method.name()));
                }
            }
        }
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        if (!methods.isEmpty()) {
            methods.add("OPTIONS");
        }
        return methods;
    }

    /** Whether a path has a route of its own for a method. */
    boolean has(String path, HttpMethod method) {
        return router.getRoutes().stream()
                .anyMatch(route -> route.getPath() != null
                        && (route.methods() == null || route.methods().contains(method))
                        && matches(route, path));
    }

    private static boolean matches(Route route, String path) {
        StringBuilder pattern = new StringBuilder();
        Matcher parameters = PARAMETER.matcher(route.getPath());
        int from = 0;
        while (parameters.find()) {
            pattern.append(Pattern.quote(route.getPath().substring(from, parameters.start())))
                    .append("[^/]+");
            from = parameters.end();
        }
        pattern.append(Pattern.quote(route.getPath().substring(from))).append(route.isExactPath() ? "/?" : ".*");
        return path.matches(pattern.toString());
    }
}
