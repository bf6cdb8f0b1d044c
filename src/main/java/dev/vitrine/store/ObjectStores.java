package dev.vitrine.store;

import dev.vitrine.settings.InvalidSettingException;

/** Opens object stores, where what they need was added to the service. */
public final class ObjectStores {
    private static final String CLIENT = "software.amazon.awssdk.services.s3.DelegatingS3Client";

    private final S3Settings settings;

    public ObjectStores(S3Settings settings) {
        this.settings = settings;
    }

    /**
     * A store, which connects when it is first used.
     *
     * @param setting names the address
     * @throws InvalidSettingException where the service has no client for it
     */
    public ObjectStore open(String setting, StoreAddress address) {
        try {
            Class.forName(CLIENT, false, ObjectStores.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new InvalidSettingException(
                    setting + " is " + address
                            + ", and this Vitrine has no client of S3 yet; run ./vitrine component add aws2-s3 and start again");
        }
        return new S3Store(address, settings);
    }
}
