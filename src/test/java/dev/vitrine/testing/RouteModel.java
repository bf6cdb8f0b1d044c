package dev.vitrine.testing;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;

/** Route files as definitions, in a context that is never started. */
public final class RouteModel {
    private RouteModel() {}

    /** Loads files; close the context afterwards. */
    public static CamelContext load(List<Path> files, Map<String, String> properties) throws Exception {
        DefaultCamelContext camel = new DefaultCamelContext();
        Properties all = new Properties();
        all.putAll(properties);
        camel.disableJMX();
        camel.getPropertiesComponent().setInitialProperties(all);
        camel.build();
        for (Path file : files) {
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(PluginHelper.getResourceLoader(camel).resolveResource("file:" + file));
        }
        return camel;
    }
}
