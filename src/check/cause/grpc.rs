//! What is said of causes that proxies and the clients behind them have: each message is somebody's by a receipt handle.

use super::super::explanation::Background;

pub const RECEIPT_NOT_RENEWED: Background = Background {
    comes_about: "A proxy pops for a PushConsumer with defaultInvisibleTimeMills, 60 s, and is to renew the receipt handle \
        while the client has the message. In 5.1.4 to 5.3.3 nobody calls DefaultReceiptHandleManager.start() \
        (apache/rocketmq#7837): what waits in the client's cache or works for longer is given to another, and the \
        acknowledgement is refused with INVALID_RECEIPT_HANDLE.",
    seen: "Messages again 62 to 66 s after their receive; `receipt handle is expired` at the client, and no `scan for \
        renewal done` in proxy.log.",
    advice: "A release of the proxy that has apache/rocketmq#7838, or defaultInvisibleTimeMills above the longest listener \
        and the wait in the cache; a small maxCacheMessageCount for slow listeners.",
};

pub const PROXY_LOST_HANDLES: Background = Background {
    comes_about: "Each renewal gives a message a new receipt handle, which the proxy keeps in its memory; its client has \
        the first one (DefaultReceiptHandleManager). When the proxy dies, the client's acknowledgement goes to another one \
        with a handle whose minute is over, and is refused; the message comes again when the last renewal is over, up to an \
        hour later.",
    seen: "INVALID_RECEIPT_HANDLE at clients after a restart of a proxy; messages that come again 1, 3, 5, 10, 30 or 60 \
        minutes later.",
    advice: "Restart proxies when their clients are idle or drained; listeners below a minute never need a renewal.",
};

pub const ACKNOWLEDGED_ELSEWHERE: Background = Background {
    comes_about: "The receipt handles of renewals are in the memory of the proxy that served the receive. A balancer of \
        HTTP/2 requests gives the acknowledgement to another one, with the handle of the pop: behind the first minute it is \
        refused. The proxy that served it renews the message on, as nobody told it, for up to three hours.",
    seen: "INVALID_RECEIPT_HANDLE at clients whose listeners take longer than a minute, though a proxy logs renewals; the \
        messages come again hours later.",
    advice: "Balance connections, not requests; listeners below a minute never need a renewal.",
};

pub const CLEARED_BY_PROXY: Background = Background {
    comes_about: "A client that says goodbye (NotifyClientTermination), or was not heard for 120 s, is gone to its proxy, \
        which makes all that the client had visible again after a second (DefaultReceiptHandleManager.clearGroup). close() \
        of a PushConsumer before 5.0.8 says goodbye first, and waits for its listeners then.",
    seen: "`clear handle of this client when client unregister` in proxy.log, and messages again a few seconds after each \
        deployment.",
    advice: "A PushConsumer of 5.0.8 or later, whose close() waits; a grace period above its longest listener and 24 s.",
};

pub const RENEWED_HANDLE_ASTRAY: Background = Background {
    comes_about: "The proxy in a broker's process makes the handle of a renewal, or of changeInvisibleDuration, with the \
        start of the old one (LocalMessageService.changeInvisibleTime), while the broker's new checkpoint begins at the \
        message (ChangeInvisibleTimeProcessor.appendCheckPoint): of all but the first message of a pop the acknowledgement \
        names a checkpoint that there is not, and is answered with success.",
    seen: "Messages that were renewed, or whose invisible time was changed, come again although each was acknowledged with \
        OK; not behind proxies of their own.",
    advice: "Proxies in processes of their own (proxyMode CLUSTER) for listeners that take longer than 50 s.",
};

pub const WAITS_AT_ANOTHER_BROKER: Background = Background {
    comes_about: "Each receive() of a SimpleConsumer takes the next queue of its topic, and asks that queue's broker alone \
        (SubscriptionLoadBalancer.takeMessageQueue): it waits there for awaitDuration, at most 20 s, whatever another \
        broker has.",
    seen: "Messages come in bursts of awaitDuration although they were stored evenly; `receive` returns nothing every other \
        time.",
    advice: "As many threads that receive as brokers, and more; a short awaitDuration; or a PushConsumer, which receives \
        from all brokers at once.",
};
