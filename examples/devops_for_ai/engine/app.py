"""The service: `GET /` says that it is ready, `POST /churn` says who is about to leave."""

import os

from flask import Flask, jsonify, request

FEATURES = ["months", "calls", "price"]


def create_app(model=None) -> Flask:
    """Without a model, the one in the folder that MODEL_PATH names is loaded."""
    app = Flask(__name__)
    if model is None:
        import mlflow

        model = mlflow.pyfunc.load_model(os.environ["MODEL_PATH"])

    @app.get("/")
    def ready():
        return jsonify(status="ready")

    @app.post("/churn")
    def churn():
        try:
            customers = [[float(it[name]) for name in FEATURES] for it in request.get_json()["customers"]]
        except (KeyError, TypeError, ValueError):
            return jsonify(error=f"send `customers`, each with {', '.join(FEATURES)}"), 400
        return jsonify(churned=[int(it) for it in model.predict(table(customers))])

    return app


def table(customers: list[list[float]]):
    """A table where pandas is installed, as MLflow wants it."""
    try:
        import pandas as pd
    except ImportError:
        return customers
    return pd.DataFrame(customers, columns=FEATURES)
