package dev.vitrine.reload;

import dev.vitrine.part.Offer;
import dev.vitrine.part.Part;
import dev.vitrine.reload.check.RouteCheck;
import dev.vitrine.reload.check.RouteSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kamelet.KameletComponent;

/** The files with the routes and building blocks, and the watch over them. */
public final class RoutesPart implements Part {

    /** How long requests may keep those after them waiting when routes are exchanged. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final RouteSettings settings;
    private final Path home;
    private final Entrance gate;
    private final Supplier<RouteCheck> checks;
    private final RouteFolders folders;
    private SortedMap<Path, RouteSource> running;
    private volatile RouteReload reload;

    /**
     * @param home the folder of the installation
     * @param gate where requests wait while routes are exchanged
     * @param checks makes a check
     */
    public RoutesPart(RouteSettings settings, Path home, Entrance gate, Supplier<RouteCheck> checks) {
        this.settings = settings;
        this.home = home;
        this.gate = gate;
        this.checks = checks;
        this.folders = new RouteFolders(home);
    }

    /** Reads the files that are about to run. */
    @Override
    public void open() throws IOException {
        running = folders.read();
    }

    /** The files as they were read at the start. */
    public List<RouteSource> sources() {
        return List.copyOf(running.values());
    }

    /** Takes up changes of the files, where the settings say so, until what is returned is closed. */
    public AutoCloseable watch(CamelContext camel) {
        if (!settings.reload()) {
            return () -> {};
        }
        reload = new RouteReload(
                        home.toAbsolutePath().normalize(),
                        folders,
                        running,
                        checks,
                        new RouteSwap(camel, gate, PATIENCE),
                        Clock.systemUTC())
                .start();
        return reload;
    }

    /** Whether the routes that run are those in the files. */
    public RouteState state() {
        RouteReload watching = reload;
        return watching == null ? RouteState.fixed() : watching.state();
    }

    @Override
    public List<Offer<?>> beans() {
        return List.of(Offer.of("kamelet", KameletComponent.class, this::kamelets, this::kamelets));
    }

    @Override
    public Map<String, String> properties() {
        return Map.of("vitrine.home", home.toString());
    }

    /** Building blocks come from {@code kamelets/}, or from jars; the route that uses one handles its errors. */
    private KameletComponent kamelets() {
        KameletComponent component = new KameletComponent();
        component.setLocation("file:" + home.resolve("kamelets") + ",classpath:kamelets");
        component.setNoErrorHandler(true);
        return component;
    }
}
