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
a broker's configuration (broker.conf)
1: BrokerSetting broker: Name("broker-a") key: "brokerClusterName" value: "prod"
2: Broker cluster: ("prod") name: "broker-a" id: (0) address: ("10.0.0.9:10921")
2: BrokerSetting broker: Name("broker-a") key: "brokerName" value: "broker-a"
2: BrokerSetting broker: OfThisFolder key: "brokerName" value: "broker-a"
3: BrokerSetting broker: Name("broker-a") key: "brokerId" value: "0"
4: BrokerSetting broker: Name("broker-a") key: "brokerRole" value: "ASYNC_MASTER"
5: NameServer address: "10.0.0.4:9876"
5: BrokerSetting broker: Name("broker-a") key: "namesrvAddr" value: "10.0.0.4:9876;ns"
6: BrokerSetting broker: Name("broker-a") key: "brokerIP1" value: "10.0.0.9"
7: BrokerSetting broker: Name("broker-a") key: "listenPort" value: "10911"
8: BrokerSetting broker: Name("broker-a") key: "lockMaxLiveTime" value: "1"
9: BrokerSetting broker: Name("broker-a") key: "listenPort" value: "10921"
5! `ns` is no address of a name server, host:port
7! `listenPort` stands again on line 9, and Java keeps the last
"#,
    ],
    [
        "broker-a-s.properties",
        r#"brokerName=broker-a
brokerRole=SLAVE
brokerId = 1
"#,
        r#"
a broker's configuration (broker.conf)
1: Broker name: "broker-a" id: (1)
1: SlaveSetting broker: "broker-a" id: 1 key: "brokerName" value: "broker-a"
1: BrokerSetting broker: OfThisFolder key: "brokerName" value: "broker-a"
2: SlaveSetting broker: "broker-a" id: 1 key: "brokerRole" value: "SLAVE"
3: SlaveSetting broker: "broker-a" id: 1 key: "brokerId" value: "1"
"#,
    ],
    [
        "broker.conf",
        r#"# ours
channelExpiredTimeout=30s
"#,
        r#"
a broker's configuration (broker.conf)
2: BrokerSetting broker: OfThisFolder key: "channelExpiredTimeout" value: "30s"
"#,
    ],
    [
        "namesrv.conf",
        r#"listenPort=9876
scanNotActiveBrokerInterval=5000
"#,
        r#"
a name server's configuration (namesrv.conf)
1: NameServerSetting key: "listenPort" value: "9876"
2: NameServerSetting key: "scanNotActiveBrokerInterval" value: "5000"
"#,
    ],
    [
        "other.properties",
        r#"a=1
b=2
"#,
        r#"
1! nothing that is known
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
manifests of Kubernetes
4: Workload name: "orders" kind: "Deployment" replicas: (3) termination_grace_ms: (40000) strategy: ("RollingUpdate") max_surge: ("25%") max_unavailable: ("0") pre_stop_ms: (15000) ready_after_ms: (25000) image: ("shop/orders:1.2")
16: SystemProperty workload: ("orders") key: "rocketmq.client.rebalance.waitInterval" value: "10000"
18: NameServer address: "ns-0:9876"
18: NameServer address: "ns-1:9876"
18: SystemProperty workload: ("orders") key: "rocketmq.namesrv.addr" value: "ns-0:9876;ns-1:9876"
18: WorkloadEnvironment workload: "orders" key: "JAVA_OPTS" value: "-Xmx1g \"-Drocketmq.namesrv.addr=ns-0:9876;ns-1:9876\" -Drocketmq.client.name=$NAME"
36: BrokerSetting broker: Name("broker-a") key: "brokerClusterName" value: "prod"
37: Broker cluster: ("prod") name: "broker-a"
37: BrokerSetting broker: Name("broker-a") key: "brokerName" value: "broker-a"
39: BrokerSetting broker: Name("broker-a") key: "channelExpiredTimeout" value: "60000"
45: Workload name: "broker" kind: "Broker" replicas: (2) image: ("apache/rocketmq-broker:4.5.0")
50: NameServer address: "ns-0:9876"
50: WorkloadEnvironment workload: "broker" key: "NAMESRV_ADDR" value: "ns-0:9876"
18! the value of -Drocketmq.client.name is filled in elsewhere
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
manifests of Kubernetes
1! this Deployment has no metadata.name
4! this is a template of Helm: `helm template` makes a manifest of it
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
a docker-compose file
3: SystemProperty workload: ("orders") key: "rocketmq.client.logLevel" value: "INFO"
3: WorkloadEnvironment workload: "orders" key: "JAVA_OPT_EXT" value: "-Drocketmq.client.logLevel=INFO"
5: Workload name: "broker" kind: "service" image: ("apache/rocketmq:5.3.3")
9: NameServer address: "namesrv:9876"
9: WorkloadEnvironment workload: "broker" key: "NAMESRV_ADDR" value: "namesrv:9876"
10: Workload name: "orders" kind: "service" replicas: (4) termination_grace_ms: (90000)
16: NameServer address: "namesrv:9876"
16: SystemProperty workload: ("orders") key: "rocketmq.namesrv.addr" value: "namesrv:9876"
16: WorkloadEnvironment workload: "orders" key: "JAVA_OPTS" value: "-Drocketmq.namesrv.addr=namesrv:9876"
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
values of Helm
1: Workload name: "values" kind: "values of Helm" replicas: (3) termination_grace_ms: (60000) image: ("shop/orders:1.2")
6: Workload name: "broker.master" kind: "values of Helm" replicas: (2)
8: BrokerSetting broker: OfThisFolder key: "brokerClusterName" value: "prod"
9: BrokerSetting broker: OfThisFolder key: "channelExpiredTimeout" value: "60000"
11: SystemProperty workload: ("broker") key: "rocketmq.broker.rebalance.lockMaxLiveTime" value: "90000"
11: WorkloadEnvironment workload: "broker" key: "JAVA_OPT" value: "-Drocketmq.broker.rebalance.lockMaxLiveTime=90000"
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
an application's Spring configuration (properties)
2: NameServer address: "ns-0:9876"
2: NameServer address: "ns-1:9876"
4: Subscription group: ("g") topic: "orders" expression: "*"
5: ClientSetting group: ("g") key: "messageModel" value: "BROADCASTING"
6: ClientSetting group: ("g") key: "pullBatchSize" value: "16"
8! `rocketmq.push-consumer.group` is filled in from outside: `${GROUP:h}`
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
an application's Spring configuration
6: NameServer address: "ns-0:9876"
11: ClientSetting group: ("g") key: "orderly" value: "true"
13: Subscription group: ("g") topic: "orders" expression: "a||b"
13: ClientSetting group: ("g") key: "consumeThreadMin" value: "8"
"#,
    ],
    [
        "list.json",
        r#"{
    "apiVersion": "v1",
    "items": [{"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "broker"},
        "spec": {"replicas": 2, "template": {"spec": {"terminationGracePeriodSeconds": 30}}}}],
    "kind": "List"
}
"#,
        r#"
manifests of Kubernetes
3: Workload name: "broker" kind: "StatefulSet" replicas: (2) termination_grace_ms: (30000)
"#,
    ],
    [
        "values.yaml",
        r#"clusterName: prod
broker:
  size: {master: 3, replica: 1}
  image: {repository: apache/rocketmq, tag: 5.3.3}
  resources: {limits: {memory: 4Gi}}
"#,
        r#"
values of Helm
3: Workload name: "broker" kind: "values of Helm" replicas: (3) image: ("apache/rocketmq:5.3.3")
3: Workload name: "broker.size.replica" kind: "values of Helm" replicas: (1) image: ("apache/rocketmq:5.3.3")
"#,
    ],
    [
        "operator.yaml",
        r#"apiVersion: rocketmq.apache.org/v1alpha1
kind: Broker
metadata: {name: broker}
spec:
  size: 1
  nameServers: "10.0.0.9:9876;10.0.0.10:9876"
"#,
        r#"
manifests of Kubernetes
3: Workload name: "broker" kind: "Broker" replicas: (1)
6: NameServer address: "10.0.0.9:9876"
6: NameServer address: "10.0.0.10:9876"
"#,
    ],
];

#[test]
fn what_was_deployed() {
    check(TEXTS);
}
