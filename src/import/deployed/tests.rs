//! A small file of each kind, and what is known after it was read.

use super::super::disk::check;

/// Name, text, and what is read of it.
pub(in crate::import) const TEXTS: &[[&str; 3]] = &[
    [
        "broker-a.properties",
        r#"brokerClusterName = prod
brokerName=broker-a
brokerId=0
brokerRole=ASYNC_MASTER
namesrvAddr=10.0.0.4:9876;ns
brokerIP1=10.0.0.9
listenPort=10911
lockMaxLiveTime=1
listenPort=10921
"#,
        r#"

"#,
    ],
    [
        "broker-a-s.properties",
        r#"brokerName=broker-a
brokerRole=SLAVE
brokerId = 1
"#,
        r#"

"#,
    ],
    [
        "broker.conf",
        r#"# ours
channelExpiredTimeout=30s
"#,
        r#"

"#,
    ],
    [
        "namesrv.conf",
        r#"listenPort=9876
scanNotActiveBrokerInterval=5000
"#,
        r#"

"#,
    ],
    [
        "other.properties",
        r#"a=1
b=2
"#,
        r#"

"#,
    ],
    [
        "orders.yaml",
        r#"apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
spec:
  replicas: 3
  strategy:
    type: RollingUpdate
    rollingUpdate: {maxSurge: 25%, maxUnavailable: 0}
  template:
    spec:
      terminationGracePeriodSeconds: 40
      containers:
      - name: app
        image: "shop/orders:1.2"
        args: ["-Drocketmq.client.rebalance.waitInterval=10000", "-Dx=y"]
        env:
        - name: JAVA_OPTS
          value: -Xmx1g "-Drocketmq.namesrv.addr=ns-0:9876;ns-1:9876" -Drocketmq.client.name=$NAME
        - name: SECRET
          valueFrom: {secretKeyRef: {name: s, key: k}}
        lifecycle:
          preStop:
            exec:
              command: ["sh", "-c", "sleep 15 && kill 1"]
        readinessProbe:
          initialDelaySeconds: 20
          periodSeconds: 5
          successThreshold: 2
---
apiVersion: v1
kind: ConfigMap
metadata: {name: broker}
data:
  broker.conf: |
    brokerClusterName = prod
    brokerName = broker-a

    channelExpiredTimeout = 60000
  log.xml: <a/>
---
apiVersion: rocketmq.apache.org/v1alpha1
kind: Broker
metadata:
  name: broker
spec:
  size: 2
  brokerImage: apache/rocketmq-broker:4.5.0
  env:
  - {name: NAMESRV_ADDR, value: "ns-0:9876"}
---
apiVersion: v1
kind: Service
metadata: {name: x}
"#,
        r#"

"#,
    ],
    [
        "chart.yaml",
        r#"apiVersion: v1
kind: Deployment
metadata:
  name: {{ .Values.name }}
"#,
        r#"

"#,
    ],
    [
        "docker-compose.yml",
        r#"version: '3'
x-env: &env
  JAVA_OPT_EXT: -Drocketmq.client.logLevel=INFO
services:
  broker:
    image: apache/rocketmq:5.3.3
    command: sh mqbroker -c /conf/broker.conf
    environment:
      - NAMESRV_ADDR=namesrv:9876
  orders:
    build: .
    deploy: {replicas: 4}
    stop_grace_period: 1m30s
    environment:
      <<: *env
      JAVA_OPTS: -Drocketmq.namesrv.addr=namesrv:9876
"#,
        r#"

"#,
    ],
    [
        "values.yaml",
        r#"replicaCount: 3
image: {repository: shop/orders, tag: '1.2'}
terminationGracePeriodSeconds: 60
broker:
  master:
    replicas: 2
    config:
      brokerClusterName: prod
      channelExpiredTimeout: 60000
  env:
    - {name: JAVA_OPT, value: -Drocketmq.broker.rebalance.lockMaxLiveTime=90000}
"#,
        r#"

"#,
    ],
    [
        "application.properties",
        r#"spring.application.name=x
rocketmq.name-server=ns-0:9876;ns-1:9876
rocketmq.consumer.group=g
rocketmq.consumer.topic=orders
rocketmq.consumer.message-model=BROADCASTING
rocketmq.consumer.pull-batch-size=16
rocketmq.producer.group=p
rocketmq.push-consumer.group=${GROUP:h}
"#,
        r#"

"#,
    ],
    [
        "application.yml",
        r#"spring:
  cloud:
    stream:
      rocketmq:
        binder:
          name-server: ns-0:9876
        bindings:
          in-0:
            consumer:
              subscription: a||b
              push: {orderly: true}
      bindings:
        in-0: {destination: orders, group: g, consumer: {concurrency: 8}}
        out-0: {destination: orders}
"#,
        r#"

"#,
    ],
];

#[test]
fn what_was_deployed() {
    check(TEXTS);
}
