package packhorse.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import packhorse.kit.Sample;
import packhorse.wire.Capabilities;
import packhorse.wire.ObjectFormat;
import packhorse.wire.ObjectId;
import packhorse.wire.V0Offer;

/// What is remembered of v0 advertisements besides their refs.
final class OffersTest {
  private final Offers offers = new Offers();

  private static V0Offer offer(int shallow) {
    List<ObjectId> ids = Collections.nCopies(shallow, new ObjectId("1".repeat(40)));
    return new V0Offer(Capabilities.of("shallow"), ObjectFormat.SHA1, ids, Optional.empty());
  }

  @Test
  void it_serves_whom_it_was_advertised_to_and_nobody_else() {
    offers.advertised(Sample.fetch().user("al").permit(), offer(0));
    assertThat(offers.of(Sample.fetch().user("al").permit())).isPresent();
    assertThat(offers.of(Sample.fetch().user("bo").permit())).isEmpty();
    assertThat(offers.of(Sample.fetch().permit())).isEmpty();
  }

  @Test
  void a_push_makes_it_forgotten_for_everybody_and_of_that_repository_alone() {
    Sample other = Sample.fetch().repository("acme/other");
    offers.advertised(Sample.fetch().user("al").permit(), offer(0));
    offers.advertised(other.permit(), offer(0));
    offers.changed(Sample.push().user("bo").permit());
    assertThat(offers.of(Sample.fetch().user("al").permit())).isEmpty();
    assertThat(offers.of(other.permit())).isPresent();
  }

  @Test
  void shallow_nodes_do_not_fill_the_memory() {
    for (int i = 0; i < 200; i++) {
      offers.advertised(Sample.fetch().repository("acme/app-" + i).permit(), offer(10_000));
      assertThat(offers.weight()).isLessThanOrEqualTo(8L << 20);
    }
  }
}
