"""The service: `GET /` says that it is ready, `POST /estimate` estimates a price."""

import os

import mlflow
import pandas as pd
from flask import Flask, jsonify, request

FEATURES = ["surface", "rooms"]


def create_app(model=None) -> Flask:
    """Without a model, the one in the folder that MODEL_PATH names is loaded."""
    app = Flask(__name__)
    model = model or mlflow.pyfunc.load_model(os.environ["MODEL_PATH"])

    @app.get("/")
    def ready():
        return jsonify(status="ready")

    @app.post("/estimate")
    def estimate():
        body = request.get_json(silent=True) or {}
        try:
            features = {name: float(body[name]) for name in FEATURES}
        except (KeyError, TypeError, ValueError):
            return jsonify(error=f"send numbers for {', '.join(FEATURES)}"), 400
        return jsonify(price=round(float(model.predict(pd.DataFrame([features]))[0]), 2))

    return app
