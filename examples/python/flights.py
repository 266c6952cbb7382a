"""Which flights arrive more than 15 minutes late? Logistic regression on what is known when a flight has departed.

python examples/python/flights.py flights.csv.gz; examples/data/README.md says where the file comes from.
"""

import sys

import nums

FEATURES = ["month", "day", "hour", "minute", "sched_arr_time", "dep_delay", "distance", "carrier", "origin"]

nums.init(nodes=4)
table = nums.read_csv(sys.argv[1], columns=[*FEATURES, "arr_delay"], one_hot=["carrier", "origin"], drop_missing=["arr_delay"])
x, y = table[FEATURES], (table["arr_delay"] > 15.0).astype(float)
print(f"{x.shape[0]} flights that arrived, {x.shape[1]} columns")

x_train, x_test, y_train, y_test = nums.models.train_test_split(x, y, test_size=0.25, random_state=13)
scaler = nums.models.StandardScaler().fit(x_train)
model = nums.models.LogisticRegression(tol=1e-10).fit(scaler.transform(x_train), y_train)
classes, probabilities = (predict(scaler.transform(x_test)) for predict in (model.predict, model.predict_proba))

print(model.convergence_)
accuracy, log_loss = nums.models.accuracy(y_test, classes), nums.models.log_loss(y_test, probabilities[:, 1])
print(f"\nTest set: accuracy {accuracy:.4f}, log-loss {log_loss:.4f}, ROC-AUC {nums.models.roc_auc(y_test, probabilities[:, 1]):.4f}")
print(f"({1.0 - y.mean():.4f} of all flights were on time: the accuracy of always predicting that)")
