package packhorse.wire;

/// How a v0 client wants acknowledgments: with which of git's two capabilities, or neither.
public enum AckMode {
  /// One `ACK id` for the first common object.
  NONE,
  /// `multi_ack`
  MULTI_ACK,
  /// `multi_ack_detailed`
  DETAILED
}
