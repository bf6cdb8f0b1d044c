package dev.vitrine.store;

import dev.vitrine.settings.InvalidSettingException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;

/**
 * How S3 is reached, by the variables that all of AWS's programs know. What is empty here the SDK finds where it always
 * looks: in {@code ~/.aws}, or where the machine or the container has its role from.
 *
 * @param region of the bucket
 * @param endpoint the server where it is not Amazon's; such buckets are named in the path, not in the host's name
 * @param accessKey id of the access key
 * @param secretKey its secret
 * @param sessionToken where the key is a temporary one
 */
public record S3Settings(
        Optional<String> region,
        Optional<URI> endpoint,
        Optional<String> accessKey,
        Optional<String> secretKey,
        Optional<String> sessionToken) {

    /**
     * Reads the process's environment.
     *
     * @throws InvalidSettingException when the endpoint is no URL
     */
    public static S3Settings read(Map<String, String> environment) {
        return new S3Settings(
                find(environment, "AWS_REGION").or(() -> find(environment, "AWS_DEFAULT_REGION")),
                endpoint(environment, "AWS_ENDPOINT_URL_S3").or(() -> endpoint(environment, "AWS_ENDPOINT_URL")),
                find(environment, "AWS_ACCESS_KEY_ID"),
                find(environment, "AWS_SECRET_ACCESS_KEY"),
                find(environment, "AWS_SESSION_TOKEN"));
    }

    private static Optional<URI> endpoint(Map<String, String> environment, String name) {
        return find(environment, name).map(text -> {
            try {
                URI uri = new URI(text);
                if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                    return uri;
                }
            } catch (URISyntaxException e) {
                // said below
            }
            throw new InvalidSettingException(name + " is '" + text + "'; write a URL such as http://minio:9000");
        });
    }

    private static Optional<String> find(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "S3 in " + region.orElse("the default region") + " at "
                + endpoint.map(URI::toString).orElse("Amazon");
    }
}
