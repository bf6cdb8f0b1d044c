package dev.vitrine.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.store.ObjectStore;
import dev.vitrine.store.ObjectStoreException;
import dev.vitrine.store.ObjectStores;
import dev.vitrine.store.S3Settings;
import dev.vitrine.store.StoreAddress;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The server is one that refuses who has not the key. */
class S3ServerTest {
    private static final StoreAddress ADDRESS = new StoreAddress(S3Server.BUCKET, "a/");

    @Test
    void checksSignatures() {
        try (S3Server server = S3Server.start()) {
            Map<String, String> environment = new HashMap<>(server.environment());
            try (ObjectStore store = open(environment)) {
                store.put("b", new byte[] {1, 2});
                assertThat(store.get("b")).contains(new byte[] {1, 2});
                assertThat(server.keys("")).containsExactly("a/b");
            }
            environment.put("AWS_SECRET_ACCESS_KEY", "another");
            try (ObjectStore store = open(environment)) {
                assertThatThrownBy(() -> store.put("c", new byte[1]))
                        .isInstanceOf(ObjectStoreException.class)
                        .hasMessageContaining("SignatureDoesNotMatch")
                        .hasMessageContaining("s3:PutObject");
            }
        }
    }

    private static ObjectStore open(Map<String, String> environment) {
        return new ObjectStores(S3Settings.read(environment)).open("VITRINE_SPOOL", ADDRESS);
    }
}
